"""Comments on nodes, their days and their jobs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from cloutui.actions.action import Change, Done, Target, about
from cloutui.actions.desk import Desk, NodeRef
from cloutui.actions.node_days import NodeDays, node_days
from cloutui.actions.registry import register
from cloutui.errors import Conflict, NotFound
from cloutui.model.action_class import ActionClass
from cloutui.model.comment import CommentType, checked_text
from cloutui.model.privilege import Privilege
from cloutui.records import comments
from cloutui.records.comments import Comment


@register(name="comment.add", needs=Privilege.COMMENT_CREATE, action_class=ActionClass.NOTE)
@dataclass(frozen=True, slots=True, kw_only=True)
class AddComment(Change):
    """Write a comment on nodes, on a day of theirs, or on one job."""

    nodes: Annotated[tuple[NodeRef, ...], about("The nodes: SERVER/NODE or ids.")]
    text: Annotated[str, about("The comment.")]
    type: Annotated[CommentType | None, about("What it is: note, ticket, cause or fixed; a note if not said.")] = None
    day: Annotated[date | None, about("The backup day; without one it is on the node itself.")] = None
    job: Annotated[str | None, about("One job of the day, by the key that its server gave it.")] = None

    def target(self, desk: Desk) -> Target:
        """The nodes, and the units that own them, or owned them on that day."""
        return self._on(desk).target

    def change(self, desk: Desk) -> Done:
        """Raises: Invalid for a comment without words."""
        on, text, kind = self._on(desk), checked_text(self.text), self.type or CommentType.NOTE
        ids = comments.add(desk.tx, on.places(), kind, text, desk.principal)
        return Done(
            sentence=f"{kind.capitalize()} on {on.words()}: {text}", after={"comments": list(ids), "text": text}
        )

    def _on(self, desk: Desk) -> NodeDays:
        return node_days(desk, self.nodes, self.day, self.job)


@register(name="comment.edit", needs=Privilege.COMMENT_EDIT, action_class=ActionClass.NOTE)
@dataclass(frozen=True, slots=True, kw_only=True)
class EditComment(Change):
    """Write a comment in other words: one of your own; at the top of the tree, any."""

    comment: Annotated[int, about("The comment's number, as the report `comments` gives it.")]
    text: Annotated[str | None, about("The comment.")] = None
    type: Annotated[CommentType | None, about("What it is: note, ticket, cause or fixed.")] = None

    def target(self, desk: Desk) -> Target:
        """The comment, and the unit that sees it."""
        return _target(_comment(desk, self.comment))

    def change(self, desk: Desk) -> Done:
        """Raises: Conflict for a comment of somebody else, or when nothing is said."""
        before = _own_comment(desk, self.comment)
        text = before.text if self.text is None else checked_text(self.text)
        kind = before.type if self.type is None else self.type
        if (kind, text) == (before.type, before.text):
            raise Conflict("The comment says that already.", hint="Give other words, or another type.")
        comments.change(desk.tx, before.comment_id, kind, text)
        return Done(
            sentence=f"Comment {before.comment_id} is now the {kind}: {text}",
            before={"type": before.type.value, "text": before.text},
            after={"type": kind.value, "text": text},
        )


@register(name="comment.remove", needs=Privilege.COMMENT_EDIT, action_class=ActionClass.NOTE)
@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveComment(Change):
    """Take a comment away: one of your own; at the top of the tree, any."""

    comment: Annotated[int, about("The comment's number, as the report `comments` gives it.")]

    def target(self, desk: Desk) -> Target:
        """The comment, and the unit that sees it."""
        return _target(_comment(desk, self.comment))

    def change(self, desk: Desk) -> Done:
        """Raises: Conflict for a comment of somebody else."""
        before = _own_comment(desk, self.comment)
        comments.remove(desk.tx, before.comment_id)
        return Done(
            sentence=f"Took comment {before.comment_id} away.",
            before={"type": before.type.value, "text": before.text},
        )


def _comment(desk: Desk, comment_id: int) -> Comment:
    """Raises: NotFound, also for one that is elsewhere."""
    found = comments.find(desk.connection, comment_id)
    if found is None or not desk.sees(found.unit_id):
        raise NotFound("comment", str(comment_id))
    return found


def _own_comment(desk: Desk, comment_id: int) -> Comment:
    """Raises: Conflict. What somebody wrote stays what they wrote: others answer with a comment of their own.

    At the top any may be changed: a password that was pasted must go, whoever did it.
    """
    found = _comment(desk, comment_id)
    is_at_top = desk.tree[desk.principal.unit_id].parent_id is None
    if not is_at_top and not found.is_of(desk.principal):
        raise Conflict(f"The comment is {found.author}'s.", hint="Write one of your own.")
    return found


def _target(found: Comment) -> Target:
    return Target(kind="comment", name=f"comment {found.comment_id}", id=found.comment_id, unit_ids=(found.unit_id,))
