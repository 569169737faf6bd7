# SPDX-License-Identifier: MIT
"""Random revision histories, and random questions about them, for plan_oracle.py."""
import re


def new_id(rng, taken):
    while True:
        text = rng.choice(["abc", "abcd", "ab", "c0", "77", "f"]) + "".join(
            rng.choice("0123abx") for _ in range(rng.randint(2, 6))
        )
        if text not in taken:
            taken.add(text)
            return text


def random_history(rng):
    shape = rng.choice([any_mixture] * 7 + [ladder, fan_and_merges, branches_with_dependencies])
    nodes = large(rng) if rng.random() < 0.01 else shape(rng)
    if rng.random() < 0.01:
        rename(nodes, rng.choice(nodes)["id"], "")
    if rng.random() < 0.7:
        rng.shuffle(nodes)
    return nodes


def new_node(rng, taken, down=(), depends=(), labels=()):
    return {"id": new_id(rng, taken), "down": list(down), "depends": list(depends), "labels": list(labels)}


def rename(nodes, old, new):
    for node in nodes:
        node["id"] = new if node["id"] == old else node["id"]
        for links in (node["down"], node["depends"]):
            links[:] = [new if link == old else link for link in links]


def ladder(rng):
    """Branches that part and meet again and again; sometimes a merge skips a rung."""
    taken = set()
    nodes = [new_node(rng, taken)]
    for _ in range(rng.randint(1, 5)):
        bottom = nodes[-1]["id"]
        sides = [new_node(rng, taken, [bottom]) for _ in range(rng.choice([2, 2, 2, 3]))]
        if rng.random() < 0.3:
            sides.append(new_node(rng, taken, [sides[-1]["id"]]))
        nodes += sides
        tips = [s["id"] for s in sides if not any(s["id"] in o["down"] for o in sides)]
        if rng.random() < 0.2:
            tips.append(rng.choice(nodes)["id"])
        nodes.append(new_node(rng, taken, dict.fromkeys(tips)))
    return nodes


def fan_and_merges(rng):
    """One base, many children, and a tree of merges over some of them."""
    taken = set()
    nodes = [new_node(rng, taken)]
    for at in range(rng.randint(2, 9)):
        nodes.append(new_node(rng, taken, [nodes[0]["id"]], [], ["fan%d" % at] if rng.random() < 0.3 else []))
    tips = [n["id"] for n in nodes[1:]]
    while len(tips) > 1 and rng.random() < 0.9:
        count = min(len(tips), rng.choice([2, 2, 3]))
        nodes.append(new_node(rng, taken, [tips.pop(0) for _ in range(count)]))
        tips.append(nodes[-1]["id"])
    return nodes


def branches_with_dependencies(rng):
    """Long chains from bases of their own, with labels, and dependencies from one to another."""
    taken, nodes, chains = set(), [], []
    for at in range(rng.randint(2, 3)):
        chain = []
        for _ in range(rng.randint(2, 7)):
            node = new_node(rng, taken, [chain[-1]["id"]] if chain else [])
            older = [n for other in chains for n in other]
            if older and rng.random() < 0.4:
                node["depends"] = [n["id"] for n in rng.sample(older, min(len(older), rng.choice([1, 1, 2])))]
            chain.append(node)
        if rng.random() < 0.7:
            chain[0]["labels"] = ["line%d" % at]
        chains.append(chain)
        nodes += chain
    return nodes


def large(rng):
    """More than is searched in one go."""
    taken, nodes = set(), []
    reach = rng.choice([2, 6, 30, 200])
    for _ in range(rng.randint(80, 160)):
        older = nodes[-reach:]
        count = rng.choice([1, 1, 1, 1, 2, 2, 3]) if rng.random() < 0.96 else 0
        node = new_node(rng, taken, [n["id"] for n in rng.sample(older, min(len(older), count))])
        others = [n["id"] for n in nodes if n["id"] not in node["down"]]
        if others and rng.random() < 0.1:
            node["depends"] = [rng.choice(others)]
        nodes.append(node)
    return nodes


def any_mixture(rng):
    """Any mixture of chains, branches, merges, bases, labels and dependencies."""
    size = rng.choice([1, 2, 3, 5, 7, 9, 12, 16, 24])
    merges, bases, depends, labels = (rng.choice([0, 0.1, 0.3]) for _ in range(4))
    reach = rng.choice([1, 2, 3, 100])
    taken, nodes = set(), []
    for at in range(size):
        node = {"id": new_id(rng, taken), "down": [], "depends": [], "labels": []}
        older = nodes[-reach:]
        if older and rng.random() >= bases:
            count = rng.choice([2, 2, 3]) if rng.random() < merges else 1
            node["down"] = [n["id"] for n in rng.sample(older, min(count, len(older)))]
        if nodes and rng.random() < depends:
            others = [n for n in nodes if n["id"] not in node["down"]]
            for other in rng.sample(others, min(len(others), rng.choice([1, 1, 2, 3]))):
                node["depends"].append(rng.choice([other["id"]] + other["labels"]))
        if rng.random() < labels:
            node["labels"] = ["label%d" % at] if rng.random() < 0.8 else ["lab-%d" % at, "lb_%d" % at]
        nodes.append(node)
    return nodes


def damage(rng, nodes):
    """One of the mistakes people make."""
    node, other = rng.choice(nodes), rng.choice(nodes)
    mistake = rng.randrange(12)
    if mistake == 0:
        node["down"] = ["nowhere"]
    elif mistake == 1:
        node["depends"] = node["depends"] + ["nowhere"]
    elif mistake == 2:
        node["down"] = node["down"] + [other["id"]]
    elif mistake == 3:
        node["depends"] = node["depends"] + [other["id"]]
    elif mistake == 4:
        node["labels"] = node["labels"] + [other["id"]]
    elif mistake == 5:
        node["labels"], other["labels"] = ["twin"], ["twin"]
    elif mistake == 6:
        node["down"] = node["down"] + node["down"]
    elif mistake == 7:
        node["depends"] = [""]
    elif mistake == 8:
        node["labels"], other["down"] = ["named"], ["named"]
    elif mistake == 9:
        nodes.append(dict(node, down=[other["id"]] if other is not node else []))
    elif mistake == 10:
        rename(nodes, node["id"], node["id"] + rng.choice("-+@"))
    else:
        node[rng.choice(["down", "depends"])] = [node["id"]]


# Questions ---------------------------------------------------------------------------------------


ODD_TARGETS = (
    ["nowhere", "@head", "", "@", "HEAD", "x@head", "nolabel@base", "x@+1", "x@-1", "base@head", "head@head"]
    + ["@base", "a@b@c", "+1x", "head@+1", "base@+1", "-1@head", "heads@heads", "x:y", "current"]
)


def random_name(rng, nodes):
    return rng.choice([n["id"] for n in nodes] + [label for n in nodes for label in n["labels"]] * 2)


def random_target(rng, nodes, down):
    name = lambda: random_name(rng, nodes)
    number = lambda: rng.choice(["+", "-"]) + str(rng.choice([0, 1, 1, 1, 2, 2, 3, 5]))
    relative = lambda: ("-" if down else "+") + str(rng.choice([1, 1, 2, 3, 4]))
    forms = [
        (6, name),
        (3, lambda: name()[: rng.randint(1, 5)]),
        (3, lambda: "base" if down else "heads"),
        (2, lambda: rng.choice(["head", "heads", "base"])),
        (5, relative),
        (1, number),
        (3, lambda: name() + number()),
        (2, lambda: rng.choice(["head", "heads", "base"]) + number()),
        (4, lambda: name() + "@" + rng.choice(["head", "heads", "base"])),
        (3, lambda: name() + "@" + relative()),
        (2, lambda: name() + "@" + name()),
        (1, lambda: name() + "@" + name() + number()),
        (1, lambda: name() + "@" + name()[:4]),
        (1, lambda: rng.choice(ODD_TARGETS)),
    ]
    return rng.choices([f for _, f in forms], [w for w, _ in forms])[0]()


def random_rows(rng, nodes, states):
    """Mostly a state an upgrade leads to; sometimes one it does not."""
    chance = rng.random()
    if chance < 0.15:
        return []
    if chance < 0.92 and states:
        rows = list(rng.choice(states))
        rng.shuffle(rows)
        if rows and rng.random() < 0.04:
            at = rng.randrange(len(rows))
            rows[at : at + 1] = rng.choice([[rows[at]] * 2, [rows[at][:4]], [random_name(rng, nodes)]])
        return rows
    if chance < 0.94:
        return ["unknown9"]
    if chance < 0.95:
        return [rng.choice(["head", "heads", "base"])]
    return [n["id"] for n in rng.sample(nodes, min(len(nodes), rng.choice([1, 2, 2, 3])))]


def random_range(rng, nodes):
    name = lambda: random_name(rng, nodes)
    number = lambda: str(rng.choice([1, 1, 2, 3, 6]))
    lower = [
        (6, name),
        (4, lambda: ""),
        (3, lambda: "current"),
        (3, lambda: "-" + number()),
        (1, lambda: name() + "@-" + number()),
        (2, lambda: name() + "@" + rng.choice([name(), "base", "head"])),
        (1, lambda: rng.choice(["base", "head", "heads", "nowhere", "+1"])),
    ]
    upper = [
        (6, name),
        (5, lambda: ""),
        (3, lambda: "current"),
        (3, lambda: "+" + number()),
        (2, lambda: name() + rng.choice("+-") + number()),
        (2, lambda: name() + "@" + rng.choice([name(), "head", "heads", "+" + number()])),
        (1, lambda: rng.choice(["base", "head", "heads", "nowhere", "-1", "head-2"])),
    ]
    text = rng.choices([f for _, f in lower], [w for w, _ in lower])[0]()
    text += ":" + rng.choices([f for _, f in upper], [w for w, _ in upper])[0]()
    return rng.choice([text] * 30 + [text + ":", text.replace(":", ""), " " + text])


def random_questions(rng, nodes, states):
    """States are version rows that upgrades and downgrades lead to."""
    rows = lambda: random_rows(rng, nodes, states)
    questions = []
    some = lambda count: range(count if len(nodes) < 50 else 4)
    for at in some(24):
        direction = "downgrade" if at % 2 else "upgrade"
        target = random_target(rng, nodes, direction == "downgrade")
        if len(nodes) > 50 and rng.random() < 0.5:
            target = "base" if at % 2 else "heads"
        questions.append({"ask": direction, "rows": rows(), "text": target})
    for _ in some(10):
        questions.append({"ask": "history", "rows": rows(), "text": random_range(rng, nodes)})
    for _ in some(10):
        count = rng.choice([1, 1, 1, 2, 2, 3])
        targets = [random_target(rng, nodes, rng.random() < 0.5) for _ in range(count)]
        targets = [t if rng.random() < 0.1 else re.sub("[+-][0-9].*", "", t) or "heads" for t in targets]
        question = {"ask": "stamp", "rows": rows(), "targets": targets, "purge": rng.random() < 0.15}
        questions.append(question)
    for _ in some(3):
        questions.append({"ask": "current", "rows": rows()})
    for _ in some(6):
        questions.append({"ask": "one", "text": random_target(rng, nodes, False)})
        questions.append({"ask": "show", "text": random_target(rng, nodes, True)})
    return questions
