"""A whole batch with a server that is only to be had over https and wss."""

from pathlib import Path

import pytest
import trustme

from batchgen_app.app import build
from batchgen_app.core.batch import BatchStatus
from batchgen_app.demo import DemoEngine, DemoSettings
from batchgen_app.settings import Settings
from tests.comfy.tls_line import tls_line
from tests.studio import QUICK, Studio


async def test_a_batch_is_made_and_heard_of_through_tls_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority, trusted = trustme.CA(), tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(trusted)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    certificate = authority.issue_cert("127.0.0.1")
    async with (
        DemoEngine(DemoSettings(step_delay=0.0, load_delay=0.0)) as engine,
        tls_line(engine.url, certificate) as url,
        build(
            Settings(data_dir=tmp_path / "data", output_dir=tmp_path, comfyui_url=url),
            timeouts=QUICK,
        ) as app,
    ):
        here = Studio(app, engine, tmp_path)
        batch = await here.make()
        assert (batch.status, batch.completed_images) == (BatchStatus.COMPLETE, 3)
        assert app.server.client.address.startswith("https://")
        assert app.server.is_connected
        assert batch.last_step is not None, "steps are only told on the websocket"
        assert batch.last_preview is not None
