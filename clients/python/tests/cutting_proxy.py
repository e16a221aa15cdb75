"""A relay on a free port that cuts the connection through it, in the middle of anything."""

from __future__ import annotations

import asyncio


class CuttingProxy:
    """Relays to a port of 127.0.0.1, and cuts whenever one more of ``budgets`` bytes has passed,
    whatever their direction; when there are no more budgets it relays on."""

    def __init__(self, target: int, budgets: list[int]) -> None:
        self._target = target
        self._budgets = budgets
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.port = 0
        #: How often connections were cut.
        self.cuts = 0

    async def __aenter__(self) -> CuttingProxy:
        self._server = await asyncio.start_server(self._relay, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        self._abort()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    def _abort(self) -> None:
        for writer in self._writers:
            writer.transport.abort()

    def _allowed(self, count: int) -> int:
        """How many of so many bytes pass before the cut."""
        if not self._budgets or count < self._budgets[0]:
            if self._budgets:
                self._budgets[0] -= count
            return count
        return self._budgets.pop(0)

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self._target)
        self._writers |= {writer, back}
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await asyncio.gather(self._pump(reader, back), self._pump(there, writer))
        finally:
            self._writers -= {writer, back}
            self._tasks.discard(task)
            writer.close()
            back.close()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65_536):
                count = self._allowed(len(data))
                writer.write(data[:count])
                if count < len(data):
                    self.cuts += 1
                    self._abort()
                    return
                await writer.drain()
        except ConnectionError:
            pass
        writer.close()
