import sys, json; sys.path.insert(0,"/tmp")
from cases import SHAPE, REFS
def test_gen(faults):
    out={}
    for name, cs in (("SHAPE",SHAPE),("REFS",REFS)):
        for c in cs.strip().splitlines():
            try: r=faults(c+"\n")
            except BaseException as e: r=["!!! "+type(e).__name__+str(e)[:300]]
            print(c); print("    "+"\n    ".join(r)); out[c]=r
    json.dump(out,open("/tmp/gen.json","w"))
