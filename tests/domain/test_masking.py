import pytest

from app.domain.masking import masked_street


@pytest.mark.parametrize(
    ("street", "shown"),
    [
        ("1245 W Chandler Blvd", "•••5 W Chandler Blvd"),
        ("12 5th Street", "•2 5th Street"),
        ("7 Elm Row", "• Elm Row"),
        ("Calle Mayor 38, 2º B", "Calle Mayor •8, 2º B"),
        ("Rose Cottage", "Rose Cottage"),
        ("", ""),
    ],
)
def test_house_number_is_recognised_and_not_told(street: str, shown: str):
    assert masked_street(street) == shown
