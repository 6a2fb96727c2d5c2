"""The way in: loads the command line, and ends in one line when Ctrl+C comes before that is done.

Imports nothing at its top: until a handler stands, an interrupt would print a traceback.
"""

from __future__ import annotations

INTERRUPTED = 130
INTERRUPTED_LINE = "已中断；已保存的内容不受影响"


def main() -> None:
    """Run the command line."""
    import os

    try:
        import signal
    except KeyboardInterrupt:
        os.write(2, f"{INTERRUPTED_LINE}\n".encode())
        os._exit(INTERRUPTED)

    def stop(_signal: int, _frame: object) -> None:
        os.write(2, f"{INTERRUPTED_LINE}\n".encode())
        os._exit(INTERRUPTED)  # nothing is open yet, and half an import cannot be unwound

    before = signal.getsignal(signal.SIGINT)
    if before is signal.default_int_handler:  # a shell starts what it puts in the background with interrupts ignored
        signal.signal(signal.SIGINT, stop)
    from ui.cli import main as run

    signal.signal(signal.SIGINT, before)
    run()


if __name__ == "__main__":
    main()
