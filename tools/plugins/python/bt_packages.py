"""What a requirements.txt asks for that the interpreter lacks.  Nothing is installed."""

import re

SHOWN = 5
PATTERN = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^]]*\]\s*)?((?:[(=!<>~;@].*)?)$")
PART = re.compile(r"\s*(==|!=|>=|<=|~=|<|>)\s*([0-9]+(?:\.[0-9]+)*(?:\.\*)?)\s*$")


def normal(name):
    return re.sub(r"[-_.]+", "-", name or "").lower()


def installed():
    """The names and versions of what is installed; the first found is the one used."""
    try:
        from importlib import metadata
        found = [(d.metadata["Name"], d.version) for d in metadata.distributions()]
    except ImportError:  # Python 3.6 and 3.7
        import pkg_resources
        found = [(d.project_name, d.version) for d in pkg_resources.working_set]
    return {normal(name): version for name, version in reversed(found)}


def numbers(version):
    return [int(n) for n in version.split(".") if n != "*"]


def is_one_of(version, operator, wanted):
    """Whether the version is as operator and wanted say."""
    has, want = numbers(version), numbers(wanted)
    if operator == "~=":
        return has >= want and has[:len(want) - 1] == want[:-1]
    if wanted.endswith(".*"):
        has = has[:len(want)]
    width = max(len(has), len(want))
    has += [0] * (width - len(has))
    want += [0] * (width - len(want))
    return {"==": has == want, "!=": has != want, ">=": has >= want, "<=": has <= want,
            "<": has < want, ">": has > want}[operator]


def fits(version, specifiers):
    """True also if that is not known."""
    plain = re.match(r"[0-9]+(?:\.[0-9]+)*(?=$|\+|\.post)", version)
    parts = [PART.match(part) for part in specifiers.strip("() ").split(",") if part.strip()]
    return not plain or not all(parts) or all(
        is_one_of(plain.group(), *part.groups()) for part in parts)


def split(line):
    """A requirement's name, what it says of the version, and whether it applies."""
    name, rest = PATTERN.match(line).groups()
    specifiers, _, marker = rest.partition(";")
    return name, specifiers, not marker


def split_well(line, requirements):
    wanted = requirements.Requirement(line)
    return wanted.name, wanted.specifier, wanted.marker is None or wanted.marker.evaluate()


def lack(line, there, requirements):
    """What to say of a line; None if there is nothing to say."""
    try:
        name, wanted, applies = split_well(line, requirements) if requirements else split(line)
    except Exception:  # a path, or a URL
        return None
    version = there.get(normal(name))
    if applies and version is None:
        return line
    if not applies or (wanted.contains(version, prereleases=True) if requirements
                       else fits(version, wanted)):
        return None
    return "%s (%s is there)" % (line, version)


def lacking(path):
    """The lines of the file that are not met, in one text; empty if there are none."""
    with open(path, encoding="utf-8", errors="replace") as file:
        text = file.read().replace("\\\n", " ")
    there = installed()
    try:
        from packaging import requirements
    except ImportError:
        requirements = None
    lines = [re.sub(r"(^|\s)(#|--).*", "", line).strip() for line in text.split("\n")]
    found = [lack(line, there, requirements) for line in lines if line and line[0] != "-"]
    found = [" ".join(text.split())[:100] for text in found if text]
    more = len(found) - SHOWN
    return ", ".join(found[:SHOWN]) + (" and %d more" % more if more > 0 else "")


def advice(shown, what):
    return ("%s asks for %s: python3 -m venv venv && venv/bin/pip install -r %s, then "
            "BT_PYTHON=venv/bin/python3" % (shown, what, shown))
