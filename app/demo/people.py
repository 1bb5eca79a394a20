"""The demo's people, all of them invented.

Phone numbers are 555-0100 to 555-0199, which the North American Numbering Plan keeps for fiction;
mail addresses end in `.example` (RFC 2606): nothing sent by mistake can reach anybody.
"""

from dataclasses import dataclass
from typing import Final

from app.domain.delivery import ProofKind


@dataclass(frozen=True, slots=True)
class DemoDriver:
    """A driver; `vehicle` is as customers read it, `mall_key` where the driver goes on duty."""

    name: str
    email: str
    phone: str
    vehicle: str
    plate: str
    mall_key: str
    is_approved: bool = True


@dataclass(frozen=True, slots=True)
class DemoClerk:
    """Somebody at the counters of one brand in every mall; `code` is what signs in there."""

    first_name: str
    code: str
    brand: str


@dataclass(frozen=True, slots=True)
class DemoOfficeWorker:
    """Somebody in an office.

    A manager of the stores of one mall, a dispatcher or an admin at the console, or one of a
    brand's people at the merchant's page.
    """

    name: str
    email: str
    phone: str
    role: str
    mall_key: str = ""
    brand: str = ""


@dataclass(frozen=True, slots=True)
class DemoCustomer:
    """Somebody who waits for parcels. The address comes from the mall's list."""

    name: str
    phone: str
    unit: str
    instructions: str
    proof: ProofKind
    leave_at_door: bool = False


#: What everybody of the demo signs in with. It opens nothing where the demo was not seeded.
SHARED_PASSWORD: Final = "two-parcels-please"  # noqa: S105 - It is shown on the start page.

#: The first driver of each mall is the visitor's to sign in with; the others may be simulated.
DRIVERS: Final = (
    DemoDriver(
        "Dina Reyes",
        "dina@mallrun.example",
        "+14805550110",
        "white Toyota Prius",
        "CFA 2J8",
        "chandler",
    ),
    DemoDriver(
        "Dev Patel", "dev@mallrun.example", "+14805550111", "blue Honda Fit", "BKT 7M1", "chandler"
    ),
    DemoDriver(
        "Dolores Begay",
        "dolores@mallrun.example",
        "+14805550112",
        "red Ford Transit",
        "DXR 4K6",
        "chandler",
    ),
    DemoDriver(
        "Darius Cole",
        "darius@mallrun.example",
        "+17025550113",
        "grey Kia Soul",
        "48L 902",
        "fashion_show",
    ),
    DemoDriver(
        "Daphne Kim",
        "daphne@mallrun.example",
        "+17035550114",
        "green Subaru Outback",
        "UKE 3319",
        "tysons",
    ),
    DemoDriver(
        "Dalia Petrov",
        "dalia@mallrun.example",
        "+17025550116",
        "silver Mazda 5",
        "71K 445",
        "fashion_show",
    ),
    DemoDriver(
        "Dominic Baptiste",
        "dominic@mallrun.example",
        "+17035550117",
        "orange Chevrolet Bolt",
        "VBZ 8064",
        "tysons",
    ),
    DemoDriver(
        "Duncan Ward",
        "duncan@mallrun.example",
        "+14805550115",
        "black Nissan Leaf",
        "EVN 5T2",
        "chandler",
        is_approved=False,
    ),
)

#: Each brand of the dataset has at least one clerk. Mallory is from another merchant than Carl.
CLERKS: Final = (
    DemoClerk("Carl", "204816", "Apple"),
    DemoClerk("Clara", "731590", "Apple"),
    DemoClerk("Mallory", "660421", "Sephora"),
    DemoClerk("Cem", "185273", "Sephora"),
    DemoClerk("Chiara", "492038", "Abercrombie & Fitch"),
    DemoClerk("Cody", "357914", "Forever 21"),
    DemoClerk("Camila", "820365", "Pinkberry"),
    DemoClerk("Curtis", "516702", "Starbucks"),
    DemoClerk("Charlotte", "943187", "Nordstrom"),
    DemoClerk("Chen", "278450", "TCBY"),
    DemoClerk("Carmen", "609731", "California Pizza Kitchen"),
    DemoClerk("Caleb", "134086", "Chipotle"),
)

OFFICE: Final = (
    DemoOfficeWorker(
        "Marta Lindqvist", "marta@mallrun.example", "+14805550120", "manager", "chandler"
    ),
    DemoOfficeWorker(
        "Milo Novak", "milo@mallrun.example", "+17025550121", "manager", "fashion_show"
    ),
    DemoOfficeWorker("Maya Osei", "maya@mallrun.example", "+17035550124", "manager", "tysons"),
    DemoOfficeWorker("Desmond Okafor", "desmond@mallrun.example", "+14805550122", "dispatcher"),
    DemoOfficeWorker("Ada Flores", "ada@mallrun.example", "+14805550123", "admin"),
    DemoOfficeWorker(
        "Mercy Adeyinka", "mercy@mallrun.example", "+14805550125", "merchant", brand="Apple"
    ),
)

_PIN, _PHOTO, _NONE = ProofKind.PIN, ProofKind.PHOTO, ProofKind.NONE

#: Cleo comes first: her delivery is the one that the start page shows.
CUSTOMERS: Final = (
    DemoCustomer(
        "Cleo Martínez", "+14805550130", "Apt 12", "Ring twice, the dog is friendly.", _PIN
    ),
    DemoCustomer(
        "Noah Whitehorse",
        "+14805550131",
        "",
        "Leave it behind the planter.",
        _PHOTO,
        leave_at_door=True,
    ),
    DemoCustomer(
        "Priya Raman", "+14805550132", "Suite 204", "Second floor, left of the lift.", _PIN
    ),
    DemoCustomer("Hannah O’Connell", "+14805550133", "", "", _PHOTO),
    DemoCustomer(
        "Luis Ortega",
        "+14805550134",
        "Apt 3",
        "Gate code 0417, then straight on.",
        _PHOTO,
        leave_at_door=True,
    ),
    DemoCustomer("Grace Thompson", "+14805550135", "", "Please knock, the bell is broken.", _NONE),
    DemoCustomer("Yusuf Demir", "+14805550136", "Unit B", "Side door on the parking lot.", _PIN),
    DemoCustomer(
        "Mei-Ling Zhao",
        "+14805550137",
        "",
        "Baby asleep: no bell, please text.",
        _PHOTO,
        leave_at_door=True,
    ),
    DemoCustomer("Oluwaseun Adeyemi", "+14805550138", "Suite 110", "Front desk takes it.", _PIN),
    DemoCustomer("Zoë van den Berg", "+14805550139", "", "", _PHOTO, leave_at_door=True),
    DemoCustomer("Tomás Herrera", "+17025550140", "Apt 2107", "Tower 2, ask the doorman.", _PIN),
    DemoCustomer("Ruth Feldman", "+17025550141", "", "I walk slowly, give me a minute.", _PIN),
    DemoCustomer("Anaïs Dubois", "+17025550142", "Apt 9", "", _PHOTO, leave_at_door=True),
    DemoCustomer(
        "Jamal Brooks",
        "+17025550143",
        "",
        "Garage is open, put it inside.",
        _PHOTO,
        leave_at_door=True,
    ),
    DemoCustomer("Kalani Kealoha", "+17025550144", "Suite 5", "Reception closes at six.", _PIN),
    DemoCustomer("Ewa Wiśniewska", "+17025550145", "", "", _NONE),
    DemoCustomer("Peter Nguyen", "+17035550146", "Apt 416", "Intercom 416, then the lift.", _PIN),
    DemoCustomer(
        "Fatima Haddad", "+17035550147", "", "Porch, under the bench.", _PHOTO, leave_at_door=True
    ),
    DemoCustomer("Walter Jansen", "+17035550148", "", "Deaf: use the light switch outside.", _PIN),
    DemoCustomer("Sofía Castillo", "+17035550149", "Suite 300", "", _PHOTO),
    DemoCustomer(
        "Aiko Tanaka", "+17035550150", "Apt 2", "Leave it with the neighbour in 3.", _PHOTO
    ),
    DemoCustomer("Ben Abernathy", "+17035550151", "", "", _PHOTO, leave_at_door=True),
    DemoCustomer("Imani Lewis", "+17035550152", "Unit 7", "Blue door in the courtyard.", _PIN),
    DemoCustomer(
        "Rosa Delgado", "+17035550153", "", "Beware of the loose step.", _PHOTO, leave_at_door=True
    ),
)
