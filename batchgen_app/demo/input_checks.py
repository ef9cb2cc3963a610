"""The single errors that validation reports, worded as ComfyUI words them: section 7."""

import traceback
from typing import Any

from batchgen_app.demo.files import Catalogue, Folders
from batchgen_app.demo.node_type import Input, NodeType

Problem = dict[str, Any]

LONGEST_LISTED = 20
CONVERSIONS = {"INT": int, "FLOAT": float, "STRING": str, "BOOLEAN": bool}


class InputChecks:
    """Looks at one input at a time."""

    def __init__(self, catalogue: Catalogue, folders: Folders) -> None:
        self._catalogue = catalogue
        self._folders = folders

    def widget_problem(
        self, node_type: NodeType, name: str, inputs: dict[str, Any]
    ) -> Problem | None:
        """What is wrong with a value, or with its absence; converts it in place."""
        declared = node_type.inputs[name]
        if name not in inputs:
            return _missing(name) if name in node_type.required else None
        if declared.type in CONVERSIONS:
            problem = self._conversion_problem(name, declared, inputs)
            if problem:
                return problem
        if name in node_type.checks:
            complaint = node_type.checks[name](self._folders, inputs[name])
            return _custom(name, complaint) if complaint else None
        return self._range_problem(name, declared, inputs[name]) or self._choice_problem(
            name, declared, inputs[name]
        )

    def _conversion_problem(
        self, name: str, declared: Input, inputs: dict[str, Any]
    ) -> Problem | None:
        value = inputs[name]
        try:
            inputs[name] = CONVERSIONS[declared.type](value)
        except (TypeError, ValueError, OverflowError) as error:
            return _problem(
                "invalid_input_type",
                f"Failed to convert an input value to a {declared.type} value",
                f"{name}, {value}, {error}",
                input_name=name,
                input_config=declared.config(self._catalogue),
                received_value=value,
                exception_message=str(error),
            )
        return None

    def _range_problem(self, name: str, declared: Input, value: Any) -> Problem | None:
        low, high = declared.options.get("min"), declared.options.get("max")
        if low is not None and value < low:
            kind, message = "value_smaller_than_min", f"Value {value} smaller than min of {low}"
        elif high is not None and value > high:
            kind, message = "value_bigger_than_max", f"Value {value} bigger than max of {high}"
        else:
            return None
        return _problem(
            kind,
            message,
            name,
            input_name=name,
            input_config=declared.config(self._catalogue),
            received_value=value,
        )

    def _choice_problem(self, name: str, declared: Input, value: Any) -> Problem | None:
        values = declared.choices(self._catalogue) if declared.choices else None
        if values is None or value in values:
            return None
        short = len(values) <= LONGEST_LISTED
        listed = str(values) if short else f"(list of length {len(values)})"
        return _problem(
            "value_not_in_list",
            "Value not in list",
            f"{name}: {value!r} not in {listed}",
            input_name=name,
            input_config=declared.config(self._catalogue) if short else None,
            received_value=value,
        )

    def bad_link(self, name: str, declared: Input, link: list[Any]) -> Problem:
        return _problem(
            "bad_linked_input",
            "Bad linked input, must be a length-2 list of [node_id, slot_index]",
            name,
            input_name=name,
            input_config=declared.config(self._catalogue),
            received_value=link,
        )

    def mismatch(self, name: str, declared: Input, received: str, link: list[Any]) -> Problem:
        config = declared.config(self._catalogue)
        return _problem(
            "return_type_mismatch",
            "Return type mismatch between linked nodes",
            f"{name}, received_type({received}) mismatch input_type({config[0]})",
            input_name=name,
            input_config=config,
            received_type=received,
            linked_node=link,
        )

    def inner_failure(
        self, name: str, declared: Input, link: list[Any], error: Exception
    ) -> Problem:
        """Filed under the linked node, though it names the input of the node behind it."""
        return _problem(
            "exception_during_inner_validation",
            "Exception when validating inner node",
            str(error),
            input_name=name,
            input_config=declared.config(self._catalogue),
            exception_message=str(error),
            exception_type=type(error).__name__,
            traceback=traceback.format_tb(error.__traceback__),
            linked_node=link,
        )


def validation_failure(error: Exception) -> Problem:
    """The same for an output node, which no other node's input leads to."""
    return _problem(
        "exception_during_validation",
        "Exception when validating node",
        str(error),
        exception_type=type(error).__name__,
        traceback=traceback.format_tb(error.__traceback__),
    )


def dependency_cycle(node_id: str, circle: list[str], path: str) -> Problem:
    """Filed under each node of a circle."""
    where = {"node_id": node_id, "cycle_nodes": circle}
    return _problem("dependency_cycle", "Dependency cycle detected", path, **where)


def _missing(name: str) -> Problem:
    return _problem("required_input_missing", "Required input is missing", name, input_name=name)


def _custom(name: str, complaint: str) -> Problem:
    return _problem(
        "custom_validation_failed",
        "Custom validation failed for node",
        f"{name} - {complaint}",
        input_name=name,
    )


def _problem(kind: str, message: str, details: str, **extra_info: Any) -> Problem:
    return {"type": kind, "message": message, "details": details, "extra_info": extra_info}
