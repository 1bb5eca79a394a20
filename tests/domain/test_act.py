from datetime import UTC, datetime, timedelta

import pytest

from app.domain.act import Act

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(("ahead_s", "believed_s"), [(-3600, -3600), (0, 0), (86_400, 0)])
def test_act_never_happened_after_the_server_heard_of_it(ahead_s: int, believed_s: int):
    act = Act("driver:per_a", NOW + timedelta(seconds=ahead_s), NOW)

    assert act.at == NOW + timedelta(seconds=believed_s)


def test_act_of_the_product_itself_is_now():
    assert Act.of_system(NOW) == Act("system", NOW, NOW)
