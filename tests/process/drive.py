"""Runs a command in a pseudo-terminal and acts as the person at it.

Usage: drive.py COMMAND ARGUMENT... ; the steps are lines on standard input:

    wait TEXT    until the terminal shows TEXT, after the text of the last wait
    type TEXT    typed, with Enter
    keys HEX     bytes as they are, such as 03 for ^C or 04 for ^D
    signal NAME  sent to the command, such as SIGTERM

Prints one JSON object: the output of the terminal, the exit code (a negative number is a signal), whether the terminal
echoed before, at each other step, and afterwards, and the output of `stty -a` before and after.
"""

import json
import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time

LIMIT = 15.0


def echoes(terminal):
    return bool(termios.tcgetattr(terminal)[3] & termios.ECHO)


def stty(terminal):
    return subprocess.run(["stty", "-a"], stdin=terminal, capture_output=True, text=True).stdout


def main():
    steps = [line.rstrip("\n").split(" ", 1) for line in sys.stdin if line.strip()]
    leader, follower = pty.openpty()
    before = stty(follower)

    def own_terminal():
        # A shell ignores some of these in the background, and the command would go on ignoring them.
        for left in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(left, signal.SIG_DFL)
        os.setsid()
        import fcntl
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    child = subprocess.Popen(
        sys.argv[1:], stdin=follower, stdout=follower, stderr=follower, preexec_fn=own_terminal
    )
    shown, position, echo, stuck = b"", 0, [], None
    end = time.monotonic() + LIMIT

    def take(wait):
        nonlocal shown
        if select.select([leader], [], [], wait)[0]:
            try:
                shown += os.read(leader, 65536)
            except OSError:
                pass

    for verb, text in steps:
        if verb == "wait":
            while text.encode() not in shown[position:]:
                if time.monotonic() > end or child.poll() is not None and not select.select([leader], [], [], 0)[0]:
                    stuck = text
                    break
                take(0.05)
            if stuck:
                break
            position = shown.index(text.encode(), position) + len(text.encode())
            # The prompt stands a moment before the terminal's settings are changed, where they are.
            for _ in range(15):
                if not echoes(follower):
                    break
                time.sleep(0.01)
        else:
            echo.append(echoes(follower))
            if verb == "signal":
                child.send_signal(signal.Signals[text])
            else:
                os.write(leader, text.encode() + b"\n" if verb == "type" else bytes.fromhex(text))
    while child.poll() is None and time.monotonic() < end:
        take(0.05)
    hung = child.poll() is None
    if hung:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
    while select.select([leader], [], [], 0.05)[0]:
        size = len(shown)
        take(0)
        if len(shown) == size:
            break
    json.dump(
        {
            "shown": shown.decode(errors="replace"),
            "exit": child.returncode,
            "hung": hung,
            "stuck": stuck,
            "echo": echo,
            "before": before,
            "after": stty(follower),
        },
        sys.stdout,
    )


main()
