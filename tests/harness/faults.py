"""What befalls the programs of a soak, and the service that they speak to."""

import random
import signal
from collections.abc import Callable

from tests.harness.bot_api import BotApi, Trouble
from tests.harness.instances import Program

Fault = Callable[[BotApi, random.Random, Program], None]


def killed(_api: BotApi, _chance: random.Random, program: Program) -> None:
    program.is_sent(signal.SIGKILL)


def stopped(_api: BotApi, _chance: random.Random, program: Program) -> None:
    program.is_sent(signal.SIGTERM)


def hangs(_api: BotApi, _chance: random.Random, program: Program) -> None:
    program.is_sent(signal.SIGSTOP)
    program.undo = lambda: program.is_sent(signal.SIGCONT)


def cut_off(_api: BotApi, _chance: random.Random, program: Program) -> None:
    program.network.whole.clear()
    program.undo = program.network.whole.set


def service_fails(api: BotApi, chance: random.Random, _program: Program) -> None:
    """The service says no, breaks the connection or never answers, to some; some of it after it took the message."""
    rooms = sorted(api.rooms)
    for _ in range(6):
        how = chance.choice(("flood", "500", "502", "timeout", "reset"))
        accept = how in ("timeout", "reset") and chance.random() < 0.5
        method = chance.choice(("sendMessage", "sendMessage", "editMessageText", "answerCallbackQuery"))
        api.troubles.append(Trouble(how, method, chance.choice(rooms), chance.randrange(1, 4), accept))


def service_is_away(api: BotApi, chance: random.Random, _program: Program) -> None:
    for method in ("sendMessage", "editMessageText", "getUpdates"):
        api.troubles.append(Trouble("502", method, times=chance.randrange(5, 30)))


FAULTS: dict[str, Fault] = {
    "killed": killed,
    "stopped": stopped,
    "hangs": hangs,
    "cut off": cut_off,
    "service fails": service_fails,
    "service is away": service_is_away,
}
