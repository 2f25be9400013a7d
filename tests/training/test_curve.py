"""The loss is drawn from left to right, high losses above, on the whole length of the run."""

from training.curve import HEIGHT, WIDTH, curve


def test_one_point_is_no_line():
    assert curve([(1, 2.0)]) is None


def test_the_line_goes_from_the_highest_to_the_lowest_loss():
    made = curve([(0, 4.0), (5, 3.0), (10, 2.0)])
    assert made is not None
    assert made.line == f"0.0,0.0 {WIDTH / 2},{HEIGHT / 2} {WIDTH:.1f},{HEIGHT:.1f}"
    assert made.is_falling and made.lowest == (10, 2.0)


def test_the_right_edge_is_the_last_step_of_the_run():
    made = curve([(0, 4.0), (5, 2.0)], n_steps=10)
    assert made is not None and made.line.endswith(f"{WIDTH / 2},{HEIGHT:.1f}")


def test_losses_near_zero_are_drawn_from_zero_and_equal_ones_in_the_middle():
    near = curve([(0, 1.0), (1, 0.1)])
    flat = curve([(0, 1.0), (1, 1.0)])
    assert near is not None and near.ticks[-1] == (HEIGHT, "0")
    assert flat is not None and {y.split(",")[1] for y in flat.line.split()} == {f"{HEIGHT / 2}"}
