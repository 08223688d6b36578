"""The invented customers of the simulated fleet: who owns a node is the first part of its name.

A node belongs to the company whose prefix, followed by `-`, begins its name: `ACME-SQL01` to Acme ApS. The companies
and their groups are the 29 business units that a demo builds under its root.
"""

from __future__ import annotations

ROOT = "Nordhavn Backup"

COMPANIES: tuple[tuple[str, str, str | None], ...] = (
    ("ACME", "Acme ApS", "Fjord Retail"),
    ("BOLT", "Bolt Logistik", "Fjord Retail"),
    ("CIRKEL", "Cirkel Kaffe", "Fjord Retail"),
    ("NETTRAFO", "Net & Trafo", "Havn Energi"),
    ("VIND", "Vindpark Vest", "Havn Energi"),
    ("KS", "Kommune Syd", None),
    ("SKOLE", "Syd Skoler", "Kommune Syd"),
    ("VAND", "Syd Vand", "Kommune Syd"),
    ("BIBL", "Syd Bibliotek", "Kommune Syd"),
    ("L9", "Lager 9", None),
    ("MOL", "Mol Industri", None),
    ("OH", "Øresund Health", None),
    ("KLINIK", "Klinik Øst", "Øresund Health"),
    ("LAB", "Sundlab", "Øresund Health"),
    ("PENSION", "Delta Pension", "Delta Finans"),
    ("KVIST", "Kvist Forsikring", "Delta Finans"),
    ("EGE", "Ege Møbler", None),
    ("FYR", "Fyrtårn Medier", None),
    ("GRAN", "Granskov Savværk", None),
    ("ISBJ", "Isbjørn Frost", None),
    ("JERN", "Jernbro Entreprise", None),
    ("KLIT", "Klitgård Hoteller", None),
    ("LYNG", "Lynghede Mejeri", None),
    ("NORD", "Nordlys Data", None),
    ("PERLE", "Perlemor Optik", None),
    ("RAV", "Ravstrand Rederi", None),
)
"""(prefix of the node names, company, group that it belongs to or None)."""
