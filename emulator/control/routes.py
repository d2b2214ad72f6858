"""What the real service never had, under `/_emulator/`."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from emulator.gateway.gateway import STORY_PATH
from emulator.gateway.journal import Journal


def control_routes(journal: Journal) -> list[Route]:
    async def health(_request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def story(request: Request) -> Response:
        request_id = request.path_params["request_id"]
        found = journal.find(request_id)
        if found is None:
            return JSONResponse({"error": f"nothing is kept of the request {request_id}"}, 404)
        return JSONResponse(found)

    return [Route("/_emulator/health", health), Route(f"{STORY_PATH}{{request_id}}", story)]
