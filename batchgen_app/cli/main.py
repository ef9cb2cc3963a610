"""``batchgen``: the command line. The app itself stands here, and the table of all commands."""

import asyncio
from typing import Annotated

import typer

from batchgen_app import __version__
from batchgen_app.cli.exits import in_own_words
from batchgen_app.cli.folder_commands import doctor, events, export, reindex, search
from batchgen_app.cli.making_commands import generate, import_pictures, resume, workflow
from batchgen_app.cli.options import (
    DELAY,
    AllowedHosts,
    Comfyui,
    DataDir,
    Demo,
    Host,
    Lan,
    OutputDir,
    Port,
    RootPath,
    TlsCertificate,
    TlsKey,
    TrustedProxies,
    is_given,
    settings_of,
    usual_ports,
)
from batchgen_app.language.choosing import choose

main = typer.Typer(
    name="batchgen",
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"batchgen {__version__}")
        raise typer.Exit


@main.callback(invoke_without_command=True)
def batchgen(
    context: typer.Context,
    host: Host = "127.0.0.1",
    port: Port = 8420,
    lan: Lan = None,
    allowed_hosts: AllowedHosts = None,
    trusted_proxies: TrustedProxies = None,
    root_path: RootPath = None,
    browser: Annotated[bool, typer.Option("--browser", help="No window: the browser.")] = False,
    comfyui: Comfyui = None,
    demo: Demo = False,
    data_dir: DataDir = None,
    output_dir: OutputDir = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which version.")
    ] = False,
) -> None:
    """One prompt, 2 to 20 ComfyUI variations: watch them arrive, keep the best.

    Without a command, opens the app in a window of its own.
    """
    if context.invoked_subcommand is None:
        settings = settings_of(
            data_dir,
            output_dir,
            comfyui,
            demo=demo,
            lan=lan,
            allowed_hosts=allowed_hosts,
            trusted_proxies=trusted_proxies,
            root_path=root_path,
        )
        choose(settings.language)

        from batchgen_app.cli.opening import open_app  # noqa: PLC0415 - no other command needs it

        # Only the usual port may give way to its neighbours; one that somebody chose is it or none.
        ports = (port,) if is_given(context, "port") else usual_ports(port)
        open_app(settings, host, ports, browser=browser)


def serve(
    host: Host = "127.0.0.1",
    port: Port = 8420,
    lan: Lan = None,
    allowed_hosts: AllowedHosts = None,
    trusted_proxies: TrustedProxies = None,
    root_path: RootPath = None,
    tls_certificate: TlsCertificate = None,
    tls_key: TlsKey = None,
    comfyui: Comfyui = None,
    demo: Demo = False,
    data_dir: DataDir = None,
    output_dir: OutputDir = None,
) -> None:
    """Serve the pages and the API without a window, until Ctrl-C."""
    settings = settings_of(
        data_dir,
        output_dir,
        comfyui,
        demo=demo,
        lan=lan,
        allowed_hosts=allowed_hosts,
        trusted_proxies=trusted_proxies,
        root_path=root_path,
    )
    choose(settings.language)

    from batchgen_app.cli.serving import serve_here  # noqa: PLC0415 - slow to import

    if (tls_certificate is None) != (tls_key is None):
        raise typer.BadParameter("--tls-certificate and --tls-key belong together.")
    certified = (tls_certificate, tls_key) if tls_certificate and tls_key else None
    serve_here(settings, host, (port,), certified=certified)


def demo_engine(
    port: Port = 8188,
    host: Host = "127.0.0.1",
    step_delay: Annotated[
        float | None,
        typer.Option(metavar="SECONDS", parser=DELAY, help="Time for one sampling step."),
    ] = None,
) -> None:
    """The built-in ComfyUI-compatible demo server on its own."""
    from batchgen_app.cli.demo_engine import serve_demo  # noqa: PLC0415

    with in_own_words():
        asyncio.run(serve_demo(host, port, step_delay))


# In the order in which ``--help`` lists them.
main.command()(generate)
main.command()(workflow)
main.command("import")(import_pictures)
main.command()(resume)
main.command()(serve)
main.command()(events)
main.command()(search)
main.command()(reindex)
main.command()(export)
main.command("demo-engine")(demo_engine)
main.command()(doctor)
