"""The form of a severity rule: what it looks at, what that counts as, from which limit on, and where it holds.

Below it stands what it would do to today's report, node by node.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from cloutui.errors import CloutuiError
from cloutui.model.formats import count
from cloutui.model.safe_text import safe
from cloutui.model.severity import KINDS, RuleKind, checked_key, checked_value, grades_of
from cloutui.model.status import Status
from cloutui.model.table import Kind
from cloutui.screens.action_box import ActionBox
from cloutui.screens.product_names import PRODUCTS
from cloutui.screens.severity import looks_at
from cloutui.widgets.form_fields import Choice, FieldKind, FormField, Values, refused_by
from cloutui.widgets.paragraph import Paragraph
from cloutui.widgets.text import cut, pad

if TYPE_CHECKING:
    from cloutui.model.table import Answer
    from cloutui.screens.action_fields import Lists

_OFF = Choice("off", note="as if there were no such rule")
_WORDS: Mapping[str, str] = {
    "ok": "nothing to tell",
    "okwarn": "well, with something skipped",
    "warning": "somebody should look",
    "missed": "as if it had not run",
    "error": "failed",
    "unknown": "nothing is known",
    "ignored": "not counted at all",
}
_LIMITS: Mapping[Kind, str] = {
    Kind.DURATION: "such as 24h, 90m or 3d",
    Kind.PERCENT: "such as 20%",
    Kind.COUNT: "such as 100",
    Kind.BYTES: "such as 5TiB, or 90% of 5TiB",
}
_WHAT, _PLACE, _PRODUCT = "what", "place", "product"
_NODE = "the node"
_EVERY = "every"
_MOST_NAMED = 6
_NAME_CELLS = 22


class RuleBox(ActionBox):
    """For `severity.set`. A rule that is there already is changed; else its kind is asked for first."""

    _key = ""
    """Of a rule that is there already."""
    _node = ""

    def fields(self, values: Mapping[str, str], lists: Lists) -> list[FormField]:
        """What is known needs no field. Every kind has fields of its own; those of others are not shown."""
        self._key, self._node = values.get("key", ""), values.get("node", "")
        kinds = [KINDS[self._key.partition(":")[0]]] if self._key else list(KINDS.values())
        asked = [] if self._key else [_what(kinds)]
        return [
            *asked,
            *(field for kind in kinds for field in self._of_kind(kind, values)),
            *self._where(values, lists),
        ]

    def _of_kind(self, kind: RuleKind, values: Mapping[str, str]) -> Iterator[FormField]:
        has_it = partial(_is_about, kind.name, is_asked=not self._key)
        word, _, limit = values.get("value", "").partition(" ")
        if kind.is_outcome and not self._key:
            check = refused_by(lambda text: checked_key(f"{kind.name}:{text}"))
            label = kind.argument.capitalize()
            yield FormField(name=f"which {kind.name}", label=label, required=True, check=check, shown=has_it)
        grade = f"grade {kind.name}"
        choices = [Choice(each, note=_WORDS.get(each, "")) for each in grades_of(kind)]
        yield FormField(
            name=grade,
            label="Counts as",
            kind=FieldKind.CHOICE,
            required=True,
            default=word if word not in {"", _OFF.value} else "warning",  # whoever opens it wants something said
            choices=lambda: [*choices, _OFF],
            shown=has_it,
        )
        if kind.limit is not None:
            yield FormField(
                name=f"limit {kind.name}",
                label="Above",
                required=not kind.mutes,
                default=limit,
                hint=_LIMITS[kind.limit],
                check=refused_by(lambda text: checked_value(kind.name, f"{choices[0].value} {text}")),
                shown=lambda values: has_it(values) and values.get(grade) != _OFF.value,
            )

    def _where(self, values: Mapping[str, str], lists: Lists) -> Iterator[FormField]:
        units = list(lists.get("unit", ()))
        node = [Choice(_NODE, "this node alone")] if self._node else []
        yield FormField(
            name=_PLACE,
            label="Holds for",
            kind=FieldKind.CHOICE,
            required=True,
            default=_NODE if self._node else values.get("unit", ""),
            hint="and all below it, where nothing else is said",
            choices=lambda: [*node, *units],
        )
        products = [Choice(_EVERY, "every product"), *(Choice(name, shown) for name, shown in PRODUCTS.items())]
        yield FormField(
            name=_PRODUCT,
            label="Product",
            kind=FieldKind.CHOICE,
            default=values.get("product", "") or _EVERY,
            choices=lambda: products,
        )

    def given(self) -> dict[str, object]:
        """Key and value as the action reads them."""
        values = self.form.state.values
        kind = self._key.partition(":")[0] or values.get(_WHAT, "")
        which = values.get(f"which {kind}", "")
        key = self._key or (f"{kind}:{which}" if which else kind)
        said = f"{values.get(f'grade {kind}', '')} {values.get(f'limit {kind}', '')}".strip()
        place = {"node": self._node} if values.get(_PLACE) == _NODE else {"unit": values.get(_PLACE, "")}
        product = values.get(_PRODUCT, _EVERY)
        given = {"key": key, "value": said, **place, "product": "" if product == _EVERY else product}
        return {name: text for name, text in given.items() if text}

    def on_mount(self) -> None:
        """The cursor is where the rule says what it says: whoever comes here wants it otherwise."""
        super().on_mount()
        state = self.form.state
        if state.at.is_button:
            state.at = state.stops()[0]
        self.form.redraw()

    # What would happen.

    def _summary(self) -> Sequence[Paragraph]:
        """What the rule looks at, and where it would hold."""
        said = list(super()._summary())
        if self._key:
            kind, plain = KINDS[self._key.partition(":")[0]], self.desk.look.palette.style()
            said[0] = Paragraph(
                [(f"  {safe(self._key)}  ", self.desk.look.palette.style(bold=True))], looks_at(kind.help), plain
            )
        return said

    async def _find_plan(self, given: Mapping[str, object]) -> None:
        """With the nodes of today's report that would stand otherwise."""
        await super()._find_plan(given)
        plan, session = self.plan, self.desk.session
        if plan is None or session is None:
            return
        asked = {name: given[name] for name in ("key", "value", "product") if name in given}
        is_node = plan.target.kind == "node"
        unit = self.desk.scope if is_node else plan.target.id
        if is_node:
            asked["node_id"] = plan.target.id
        try:
            answer = await session.ask("severity-preview", unit=unit, limit=_MOST_NAMED, **asked)
        except CloutuiError:
            return  # the plan says how many, as far as that can be said
        self.form.explain(below=[*self.form.below, *self._changing(answer)])

    def _changing(self, answer: Answer) -> Iterator[Paragraph]:
        """`ACME-SQL01    ● OK → ▲ Growth`."""
        palette, glyphs = self.desk.look.palette, self.desk.look.glyphs
        plain, muted = palette.style(), palette.style("muted")
        if answer.total:
            yield Paragraph()
        for row in answer.rows.to_pylist():
            was, would = Status(row["status_now"]), Status(row["status"])
            name = pad(cut(safe(row["node"]), _NAME_CELLS, glyphs.cut), _NAME_CELLS)
            yield Paragraph(
                [
                    (f"    {name}  ", plain),
                    (f"{glyphs.status[was]} {safe(row['reason_now'] or was.word)}", palette.status(was)),
                    (f"  {glyphs.arrow}  ", muted),
                    (f"{glyphs.status[would]} {safe(row['reason'] or would.word)}", palette.status(would)),
                ]
            )
        if answer.total > answer.rows.num_rows:
            rest = count(answer.total - answer.rows.num_rows)
            yield Paragraph([("    ", plain)], f"and {rest} more", muted)


def _what(kinds: Sequence[RuleKind]) -> FormField:
    choices = [Choice(kind.name, note=kind.help) for kind in kinds]
    hint = "↓ shows what rules look at"
    return FormField(name=_WHAT, label="Rule", kind=FieldKind.CHOICE, required=True, hint=hint, choices=lambda: choices)


def _is_about(kind: str, values: Values, *, is_asked: bool) -> bool:
    """Whether a field of this kind has a meaning."""
    return not is_asked or values.get(_WHAT) == kind
