"""Which test shows which acceptance criterion of FUN-BATCH-GEN; one without a test fails."""

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
CRITERIA = 30

FORM, FLOW = "e2e/test_form.py", "e2e/test_batch_flow.py"
CHOOSING, TROUBLE = "e2e/test_choosing.py", "e2e/test_trouble.py"
TABLE = "e2e/test_light_table.py"
ROW = "e2e/test_progress_indicator.py"
FIELDS, RUNNER = "ui/test_form.py", "batches/test_runner.py"
COMPARISON, PROGRESS = "ui/test_comparison.py", "ui/test_progress.py"

SHOWN_BY: dict[int, list[str]] = {
    1: [f"{FORM}::test_the_type_decides_which_form_is_shown"],
    2: [f"{FORM}::test_a_wrong_count_stays_as_typed_and_is_explained"],
    3: [f"{FIELDS}::test_without_random_seeds_they_count_up_from_the_base_seed"],
    4: [
        f"{FIELDS}::test_a_limit_is_told_where_it_was_broken_and_nothing_starts",
        f"{FORM}::test_a_wrong_count_stays_as_typed_and_is_explained",
    ],
    5: [f"{FORM}::test_an_empty_prompt_is_told_in_its_place"],
    6: [
        "core/test_seeds.py::test_random_seeds_are_distinct_and_in_range",
        f"{RUNNER}::test_three_pictures_arrive_and_everything_agrees_on_their_seeds",
    ],
    7: [f"{FIELDS}::test_without_random_seeds_they_count_up_from_the_base_seed"],
    8: [f"{RUNNER}::test_never_more_than_one_prompt_waits_while_one_runs"],
    9: [f"{ROW}::test_it_counts_what_is_done_beside_a_row_of_thumbnails"],
    10: [
        f"{RUNNER}::test_three_pictures_arrive_and_everything_agrees_on_their_seeds",
        f"{FIELDS}::test_a_single_image_is_asked_for_as_one",
    ],
    11: [f"{FLOW}::test_pictures_arrive_in_their_places_and_the_comparison_comes_by_itself"],
    12: [
        f"{ROW}::test_it_counts_what_is_done_beside_a_row_of_thumbnails",
        f"{PROGRESS}::test_every_image_has_its_place_from_the_start",
    ],
    13: [f"{ROW}::test_it_counts_what_is_done_beside_a_row_of_thumbnails"],
    14: [f"{FLOW}::test_the_numbers_are_asked_from_the_api_again_and_again_until_the_end"],
    15: [f"{FLOW}::test_a_cancel_keeps_what_is_finished_and_the_rest_can_be_made_later"],
    16: [
        f"{FLOW}::test_a_cancel_keeps_what_is_finished_and_the_rest_can_be_made_later",
        f"{RUNNER}::test_a_cancel_keeps_what_is_finished_and_empties_the_server",
    ],
    17: [f"{TROUBLE}::test_one_image_fails_the_others_go_on_and_it_can_be_tried_again"],
    18: [f"{COMPARISON}::test_the_summary_counts_what_came_out"],
    19: [f"{FLOW}::test_pictures_arrive_in_their_places_and_the_comparison_comes_by_itself"],
    20: [f"{COMPARISON}::test_the_grid_has_as_many_columns_as_suit_the_count"],
    21: [
        f"{TABLE}::test_of_two_one_lies_over_the_other_or_comes_in_its_place",
        f"{TABLE}::test_nine_show_the_same_spot_whatever_moves_them_and_shift_moves_one_alone",
    ],
    22: [f"{CHOOSING}::test_the_zip_holds_exactly_the_chosen_pictures"],
    23: [f"{CHOOSING}::test_the_zip_holds_exactly_the_chosen_pictures"],
    24: [f"{CHOOSING}::test_the_same_again_with_new_seeds"],
    25: [f"{RUNNER}::test_the_second_batch_of_a_kind_is_estimated_from_the_first"],
    26: [f"{FLOW}::test_pictures_arrive_in_their_places_and_the_comparison_comes_by_itself"],
    27: [f"{RUNNER}::test_three_pictures_arrive_and_everything_agrees_on_their_seeds"],
    28: [f"{RUNNER}::test_three_pictures_arrive_and_everything_agrees_on_their_seeds"],
    29: [
        f"{RUNNER}::test_one_image_fails_with_its_reason_and_the_others_finish",
        f"{TROUBLE}::test_one_image_fails_the_others_go_on_and_it_can_be_tried_again",
    ],
    30: [
        "test_cli.py::test_the_gallery_comes_back_from_the_folders_alone",
        "ui/test_gallery.py::test_batches_are_piles_newest_first_that_lead_to_their_pages",
    ],
}


@pytest.mark.parametrize("criterion", range(1, CRITERIA + 1))
def test_the_criterion_is_shown_by_a_test(criterion: int) -> None:
    named = SHOWN_BY.get(criterion)
    assert named, f"FUN-BATCH-GEN-{criterion:03d} has no test"
    for name in named:
        file, _, function = name.partition("::")
        assert function in _functions(TESTS / file), f"{name} is not there"


def _functions(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in tree.body if isinstance(node, kinds)}
