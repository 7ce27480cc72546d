"""Events: changes of numbers, and of parameters, from their date on."""

from __future__ import annotations

from bench.reference.agents import Theatre
from bench.reference.happenings import Edit, Happenings

OF_STATE = {
    "gdp", "fund", "growth", "burden", "import_share", "reputation", "find", "export_scale",
}  # fmt: skip
OF_BLOC = {"commitment", "norm", "preference", "credit", "coercion"}
OF_MEMBER = {
    "member", "engagement", "exited", "belief", "credit_left", "shut_out", "own_preference",
    "own_credit",
}  # fmt: skip


def happen(model: Theatre, now: Happenings) -> None:
    """Change the numbers and parameters that events of this period change."""
    for role, name, value in now.settings:
        setattr(getattr(model.law, role), name, value)
    for edit in now.edits:
        if edit.field == "asked":
            model.burdens[edit.cell[0]].asked = edit.value
        else:
            change(model, edit)


def change(model: Theatre, edit: Edit) -> None:
    """Change one number."""
    states, blocs = list(model.states.values()), list(model.blocs.values())
    if edit.field in OF_MEMBER:
        state, bloc = edit.cell
        table = getattr(blocs[bloc], edit.field)
        name = states[state].name
        table[name] = moved(table[name], edit)
    elif edit.field in {"embargo", "clientele"}:
        parties, table = [*model.states, *model.blocs], getattr(model, edit.field)
        columns = parties if edit.field == "embargo" else list(model.offers)
        pair = parties[edit.cell[0]], columns[edit.cell[1]]
        table[pair] = moved(table[pair], edit)
    elif edit.field == "resolve":
        name = list(model.resolve)[edit.cell[0]]
        model.resolve[name] = moved(model.resolve[name], edit)
    elif edit.field in {"ended", "heir", "suspended"}:
        model.ended_sales.change(edit.field, edit.cell[0], edit.value)
    elif edit.field in {"affinity", "affinity_base", "debt", "arms_debt", "arrears", "sponsor"}:
        i, j = edit.cell
        table = getattr(states[i], edit.field)
        table[states[j].name] = moved(table[states[j].name], edit)
    elif edit.field == "civil_debt":
        pair = list(model.civil)[edit.cell[0]]
        model.civil[pair] = moved(model.civil[pair], edit)
    elif edit.field == "sanction":
        trade = list(model.trade.values())[edit.cell[0]]
        trade.cut = moved(trade.cut, edit)
    elif edit.field == "rivalry":
        i, j = model.pairs[edit.cell[0]]
        rivalry = model.states[i].rivalry
        rivalry[j] = moved(rivalry[j], edit)
    elif edit.field in OF_BLOC | OF_STATE:
        owner = (blocs if edit.field in OF_BLOC else states)[edit.cell[0]]
        setattr(owner, edit.field, moved(getattr(owner, edit.field), edit))
    else:
        offer = list(model.offers.values())[edit.cell[0]]
        setattr(offer, edit.field, moved(getattr(offer, edit.field), edit))


def moved(old: float, edit: Edit) -> float:
    """Return a number after an event."""
    new = {"set": edit.value, "add": old + edit.value, "scale": old * edit.value}
    return min(max(new[edit.operation], edit.low), edit.high)
