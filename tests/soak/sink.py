"""A mail server that takes everything and remembers it: as slow as a real one, and sometimes as rude."""

from __future__ import annotations

import random
import socketserver
import threading
from email.parser import BytesHeaderParser
from types import TracebackType


class MailSink:
    """Counts what arrived, as pairs of recipient and Message-ID."""

    def __init__(self, *, seconds_per_message: float, rudeness: float, chance: random.Random) -> None:
        self.arrived: list[tuple[str, str]] = []
        self.seconds_per_message = seconds_per_message
        self.rudeness = rudeness
        self.chance = chance
        self._lock = threading.Lock()
        sink = self

        class Handler(_Conversation):
            server_sink = sink

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})

    def __enter__(self) -> MailSink:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def take(self, recipient: str, message_id: str) -> None:
        with self._lock:
            self.arrived.append((recipient, message_id))

    def different(self) -> int:
        """How many different messages have arrived."""
        with self._lock:
            return len(set(self.arrived))


class _Conversation(socketserver.StreamRequestHandler):
    server_sink: MailSink

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())

    def handle(self) -> None:
        try:
            self.converse()
        except OSError:
            pass  # the worker was killed in the middle of a sentence

    def converse(self) -> None:
        sink, recipient = self.server_sink, ""
        self.say("220 sink")
        while line := self.rfile.readline():
            command = line.decode(errors="replace").strip()
            verb = command[:4].upper()
            if verb == "RCPT":
                recipient = command.partition("<")[2].partition(">")[0]
                self.say("250 ok")
            elif verb == "DATA":
                self.say("354 go on")
                message = b""
                while (line := self.rfile.readline()) not in (b".\r\n", b""):
                    message += line
                if not line:
                    return  # cut off: nothing has arrived
                mood = sink.chance.random()
                if mood < sink.rudeness:
                    self.say("451 not now")
                    continue
                headers = BytesHeaderParser().parsebytes(message)
                sink.take(recipient, str(headers["Message-ID"]))
                threading.Event().wait(sink.seconds_per_message)
                if mood < 2 * sink.rudeness:
                    return  # taken, but hung up without a word
                self.say("250 taken")
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")
