"""A keep-alive connection that many learners can have at once, each its own, without a thread for each."""

import asyncio

from app.bench.client import END_OF_HEAD, HOST, BadAnswer, header

TIMEOUT = 30.0
LARGEST = 4 * 1024 * 1024


class Line:
    """One keep-alive connection of a browser; after a fault the next request connects anew."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._in: asyncio.StreamReader | None = None
        self._out: asyncio.StreamWriter | None = None
        self._one_at_a_time = asyncio.Lock()

    async def ask(self, request: bytes) -> tuple[int, bytes, bytes]:
        """Status, head in lower case, and body. Raises OSError, TimeoutError, ValueError, EOFError.

        Servers close connections that are idle for a while. As browsers do, a closed one is opened anew, and what was sent
        into one that was being closed, so that not a byte came back, is sent once more.
        """
        async with self._one_at_a_time, asyncio.timeout(TIMEOUT):
            was_idle = self._out is not None
            try:
                return await self._exchange(request)
            except asyncio.IncompleteReadError as error:
                if not was_idle or error.partial:
                    raise
            except ConnectionError:
                if not was_idle:
                    raise
            return await self._exchange(request)

    async def _exchange(self, request: bytes) -> tuple[int, bytes, bytes]:
        try:
            if self._out is None or self._in is None or self._in.at_eof():
                self.close()
                self._in, self._out = await asyncio.open_connection(HOST, self._port, limit=LARGEST)
            self._out.write(request)
            return await self._read()
        except BaseException:
            self.close()
            raise

    async def _read(self) -> tuple[int, bytes, bytes]:
        assert self._in is not None
        head = (await self._in.readuntil(END_OF_HEAD)).lower()
        status = int(head.split(b" ", 2)[1])
        if status in (204, 304):
            return status, head, b""
        length = header(head, b"content-length")
        if length is None and header(head, b"transfer-encoding") != b"chunked":
            raise BadAnswer("neither a length nor chunks")
        return status, head, await (self._chunks() if length is None else self._in.readexactly(int(length)))

    async def _chunks(self) -> bytes:
        assert self._in is not None
        body = b""
        while size := int(await self._in.readuntil(b"\r\n"), 16):
            body += (await self._in.readexactly(size + 2))[:-2]
        await self._in.readuntil(b"\r\n")
        return body

    def close(self) -> None:
        """Hang up."""
        if self._out is not None:
            self._out.close()
        self._in = self._out = None
