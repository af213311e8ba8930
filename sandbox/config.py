"""What the operator of the sandbox may set: command line for places, environment for secrets."""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sandbox.fault_table import MODES

REPO = Path(__file__).resolve().parent.parent


class ConfigError(ValueError):
    """The sandbox cannot start; the message is one sentence for the operator."""


@dataclass(frozen=True)
class Settings:
    """Everything the sandbox was started with.

    `modes` are values of `fault_table.MODES` to start with; `spent_refresh` is the one of them that
    has an option of its own. `rate_limit` and `daily_quota` of 0 mean no limit. With a
    `redirect_uri` the callback must equal it byte for byte, without one it must lie under
    `public_url`. `pkce_challenge` counts in the mode pkce=fixed only (contract 1).
    """

    app_id: str
    app_secret: str
    oa_id: str
    oa_secret_key: str
    access_token: str
    refresh_token: str
    templates: Path
    host: str = "127.0.0.1"
    port: int = 0
    webhook_url: str = ""
    public_url: str = "http://127.0.0.1:8000"
    static: Path = REPO / "onestop" / "static"
    state: Path | None = None
    clock_offset_s: int = 0
    retry_scale: float = 1.0
    rate_limit: int = 4000
    daily_quota: int = 100_000
    spent_refresh: str = MODES["spent"].normal
    redirect_uri: str = ""
    pkce_challenge: str = ""
    modes: Mapping[str, str] = field(default_factory=dict)


def read_settings(argv: Sequence[str], environ: Mapping[str, str]) -> Settings:
    """Settings from a command line and an environment; ConfigError names what is missing."""
    args = _parser().parse_args(argv)
    return Settings(
        app_id=_required(environ, "ZALO_APP_ID"),
        app_secret=_required(environ, "ZALO_APP_SECRET"),
        oa_id=_required(environ, "ZALO_OA_ID"),
        oa_secret_key=_required(environ, "ZALO_OA_SECRET_KEY"),
        access_token=_required(environ, "ZALO_ACCESS_TOKEN"),
        refresh_token=_required(environ, "ZALO_REFRESH_TOKEN"),
        clock_offset_s=_offset(environ),
        public_url=args.public_url.rstrip("/"),
        templates=args.templates,
        host=args.host,
        port=args.port,
        webhook_url=args.webhook_url,
        static=args.static,
        state=args.state,
        retry_scale=args.retry_scale,
        rate_limit=args.rate_limit,
        daily_quota=args.daily_quota,
        spent_refresh=args.spent_refresh,
        redirect_uri=args.redirect_uri,
        pkce_challenge=args.pkce_challenge,
        modes=_modes(args.mode),
    )


def _required(environ: Mapping[str, str], name: str) -> str:
    value = environ.get(name, "").strip()
    if not value:
        raise ConfigError(f"The sandbox needs {name} in its environment.")
    return value


def _modes(pairs: Sequence[str]) -> dict[str, str]:
    modes: dict[str, str] = {}
    for pair in pairs:
        kind, _, value = pair.partition("=")
        if kind not in MODES:
            raise ConfigError(f"--mode knows {', '.join(MODES)}, not {kind!r}.")
        if value not in MODES[kind].values:
            raise ConfigError(f"--mode {kind} takes {', '.join(MODES[kind].values)}.")
        modes[kind] = value
    return modes


def _offset(environ: Mapping[str, str]) -> int:
    text = environ.get("ONESTOP_CLOCK_OFFSET_S", "").strip() or "0"
    try:
        return int(text)
    except ValueError:
        raise ConfigError(f"ONESTOP_CLOCK_OFFSET_S is a number of seconds, not {text!r}.") from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sandbox",
        description="A local Zalo for the demo and the tests. It sends nothing to anybody.",
    )
    add = parser.add_argument
    add("--port", type=int, required=True)
    add("--host", default=Settings.host)
    add("--templates", type=Path, required=True, help="the product's file of message templates")
    add("--webhook-url", default="", help="where signed events go; nothing is sent without it")
    add("--public-url", default=Settings.public_url, help="the product's address, for buttons")
    add("--static", type=Path, default=Settings.static, help="folder of the product's style sheets")
    add("--state", type=Path, default=None, help="JSON file that keeps tokens and chats")
    add(
        "--webhook-retry-scale",
        dest="retry_scale",
        type=float,
        default=Settings.retry_scale,
        help="1 waits 30 s, 5 min, 15 min, 30 min, 1 h between tries; 0.01 a hundredth of it",
    )
    add("--rate-limit", type=int, default=Settings.rate_limit, help="calls a minute, 0 = none")
    add("--daily-quota", type=int, default=Settings.daily_quota, help="templates a day, 0 = none")
    add("--spent-refresh", choices=list(MODES["spent"].values), default=Settings.spent_refresh)
    add("--redirect-uri", default="", help="the only callback that may be asked for")
    add("--pkce-challenge", default="", help="the challenge saved in the console (pkce=fixed)")
    add("--mode", action="append", default=[], metavar="KIND=VALUE", help="starts in this mode")
    return parser
