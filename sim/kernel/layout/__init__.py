"""The part of a model that never changes in a run: names of entities, and tables of indices.

A `Layout` holds all of it under flat names. Each topic has its file, and each class extends the one
before: `entity_names`, `dyad_index`, `bloc_index`, `strike_index`, `dealing_index`, `layout`. The
tables of the market are separate, in `market_index`. All lists are sorted by name, systems by class
first and offers by kind.

`X_index` lists tuples of indices, one row for each X. `X_by_Y` groups the rows of X, to sum over
each Y. Where the rows of a table differ in length, NONE fills the shorter ones.

dyads
    dyad_from, dyad_to      directed rival dyads, i and j; "dyad" alone means one of these
    reverse                 for each dyad i to j the number of the dyad j to i
    dyad_number             (states, states) the number of a dyad, NONE where there is none
    rival_dyads             unordered rival dyads: the dyad whose first name is earlier
    rival_place             for each dyad the row of rival_dyads that it or its reverse is
    rival_dyads_by_side     these by their first and by their second state
    dyads_by_sender         by i; `sender_dyads` is the same as a table (states, most)
    dyads_by_target         by j; `target_dyads` is the same as a table (states, most)
    tie_index               (i, j) whose affinity is recorded
blocs
    leads                   (states, blocs, 1) 1 where a state leads a bloc
    member_index            (state, bloc) of those who are or may become members
    members_by_bloc         `bloc_members` is the same as a table (blocs, most)
    customs                 blocs with a custom on what members buy
    founders                by row of member_index 1 for members at the start
    candidate_rows          rows of member_index of those who may join by themselves
    camp_index              (bloc, i, j) pairs of members, and of members with rivals, i before j
    camps_by_bloc
    fellow_index            (row of member_index, other state of that bloc)
    fellows_by_member       by row of member_index
    fellow_dyads            (i, k) that may share a bloc; `fellows_by_dyad` by row of these
    may_share_bloc          (states, states) the same as a table
    inner_index             (row of member_index, dyad of it with a fellow); `inner_by_member`
    appeal_index            (bloc, dyad) in which i may count on the bloc
    appeals_by_dyad
    appeals_by_adversary    by bloc and j, blocs first
    pleader_index           (state, bloc) of appeals; `appeals_by_pleader` by row of these
    aid_index               (row of appeal_index, state that could help)
    aids_by_appeal
    bystander_index         (victim, state that could help); `aids_by_bystander` by row of these
    harm_index              (member, bloc, dyad of a fellow member with its rival)
    norm_index              (member, bloc, recipient that harms fellows); `harms_by_norm`
    norm_dyads              (member, recipient) in any bloc; `norms_by_dyad`
arms and strikes
    sellers, seller_place   states with an offer; for each offer the place of its supplier there
    exporters               states with an offer or remembered as suppliers; places among them:
    export_column           (states,), `seller_column` by seller and `offer_column` by offer
    deciders                (offers, 1 + partners) who has a say in a sale
    consenters              states that may have a say in a sale: suppliers and partners
    clients                 for each bloc the states whose exit option counts
    led_blocs               leaders among the consenters, by place, and the blocs that each leads
    seller_member_index     rows of member_index whose state sells arms
    supply_index            (buyer, seller); `supplies_by_buyer`
    objection_index         (bloc, row of requests) to which a member may object in a first round
    purchase_index          the same of requests by members, in blocs with a custom
    objections              both, and both by row of requests, for first and later rounds
    shot_dyad, shot_asset   shots: attacker and owner of an asset, and the asset
    shots_by_dyad
    line_shot, line_system  a shot and a system of its attacker that has the range
    lines_by_shot
    volley_index            (dyad, system of its attacker that wars fire away)
    lines_by_volley         by these the lines of such systems, `volley_lines`
    fired_index             (state, system of it that wars fire away); `volleys_by_holding`
    market                  offers by kind, rival dyads of buyers and the shots between them
threats, levers and trade
    threat_place            (offers, states) the threat against a sale
    heirs                   for each threat who may take the order over; `heir_table`
    lever_about             (levers, offers) purchases that a lever is held against
    lever_holds             (levers, offers) what would be withheld
    lever_group             (levers,) the one of those on the same offers that `lever_place` has
    lever_place             (offers, states) the lever that would withhold an offer from a state
    trade_index             (who is hit, who cuts), both ways; `trade_back` is the other way
    trade_by_state          by who is hit; `traders` are the states that trade
    civil_index             (debtor, creditor) of civil loans
what blocs ask of members
    duty_index              (event by which a bloc asks, state, bloc)
    askers                  blocs that ask
    bearer_index            (state, bloc) of those asked; `duties_by_bearer` by row of these
    bearers_by_asker        by these the rows of bearer_index, blocs as in askers
"""
