"""Settings under which numpy's libraries use one thread. They count only before numpy is imported.

Runs are divided among processes, so that a thread of its own for every core costs time: tables of
more than a hundred states are multiplied up to ten times as slowly where other programs are busy.
"""

ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
