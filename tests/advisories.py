#!/usr/bin/env python3
"""Writes tests/advisories.json anew from a clone of the RustSec advisory database (github.com/rustsec/advisory-db):

    tests/advisories.py path/to/advisory-db

The copy makes the audit (tests/dependencies.rs) run offline and the same for everybody; refresh it with each release.
"""
import json, pathlib, subprocess, sys, tomllib

database = pathlib.Path(sys.argv[1])
show = lambda *args: subprocess.run(["git", "-C", database, *args], check=True, capture_output=True, text=True).stdout
date = show("log", "-1", "--format=%cs").strip()
advisories = []
for path in show("ls-tree", "-r", "--name-only", "HEAD", "crates/").split():
    if not path.endswith(".md"):
        continue
    document = tomllib.loads(show("show", f"HEAD:{path}").split("```toml", 1)[1].split("```", 1)[0])
    advisory, versions = document["advisory"], document.get("versions", {})
    if "withdrawn" in advisory:
        continue
    advisories.append({
        "id": advisory["id"],
        "package": advisory["package"],
        "kind": advisory.get("informational", "vulnerability"),
        "patched": versions.get("patched", []),
        "unaffected": versions.get("unaffected", []),
    })
advisories.sort(key=lambda a: (a["package"], a["id"]))
lines = ",\n".join(json.dumps(a, separators=(",", ":")) for a in advisories)
target = pathlib.Path(__file__).with_name("advisories.json")
target.write_text(f'{{"date":"{date}","advisories":[\n{lines}\n]}}\n')
print(f"{len(advisories)} advisories as of {date}")
