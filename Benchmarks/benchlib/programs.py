"""Programs that answer questions for times, and asking several of them in turn.

A line "CASE AMOUNT" on a program's standard input is answered by one line of JSON, {"peer": …,
"case": …, "microseconds": [figures], "version": …, "way": …}, or {"error": …}.
"""

import json
import os
import selectors
import statistics
import subprocess
import sys
import tempfile
import time

# The first answer of a case includes compiling it in several ways.
FIRST_ANSWER_SECONDS = 900
ANSWER_SECONDS = 120


class Failure(Exception):
    """Why a program gives no figures."""


class Program:
    def __init__(self, name, command):
        self.name = name
        # A file, as nobody empties a pipe while an answer is awaited.
        self.errors = tempfile.TemporaryFile()
        try:
            self.process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors)
        except OSError as error:
            raise Failure(f"{command[0]}: {error.strerror}") from error
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.process.stdout, selectors.EVENT_READ)

    def ask(self, case, amount, patience):
        """The answer, with the median of its figures as `median`."""
        try:
            self.process.stdin.write(f"{case} {amount:g}\n".encode())
            self.process.stdin.flush()
        except OSError as error:
            raise Failure(f"ended: {self.last_words()}") from error
        line = self.read_line(patience)
        try:
            answer = json.loads(line)
            if "error" in answer:
                raise Failure(answer["error"])
            answer["median"] = statistics.median(answer["microseconds"])
            return answer
        except (ValueError, KeyError, TypeError, statistics.StatisticsError) as error:
            raise Failure(f"answered {line[:200]!r}") from error

    def read_line(self, patience):
        line = b""
        end = time.monotonic() + patience
        while not line.endswith(b"\n"):
            if not self.selector.select(max(0, end - time.monotonic())):
                raise Failure(f"no answer in {patience:.0f} seconds")
            piece = os.read(self.process.stdout.fileno(), 65536)
            if not piece:
                raise Failure(f"ended: {self.last_words()}")
            line += piece
        return line

    def last_words(self):
        self.errors.seek(0)
        lines = self.errors.read().decode(errors="replace").strip().splitlines()
        return lines[-1][:200] if lines else "without a word"

    def close(self):
        try:
            self.process.stdin.close()
        except OSError:
            pass
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.selector.close()
        self.process.stdout.close()
        self.errors.close()


class Turns:
    """Asks programs in turn, and keeps what the report says of them."""

    def __init__(self, titles):
        self.titles = titles
        self.versions, self.ways, self.failures = {}, [], []

    def run(self, case, commands, rounds, amount, warm_up=None):
        """The answers of every round by program. A program that fails has none.

        Every program is started afresh and asked once to warm up; then come the rounds, in each
        of which every program in turn is asked for the same amount.
        """
        programs, answers = {}, {}

        def attempt(name, action):
            try:
                return action()
            except Failure as failure:
                self.fail(name, case, failure)
                if name in programs:
                    programs.pop(name).close()
                answers.pop(name, None)
                return None

        try:
            for name, command in commands.items():
                program = attempt(name, lambda: Program(name, command))
                if program is None:
                    continue
                programs[name] = program
                first = amount if warm_up is None else min(amount, warm_up)
                answer = attempt(name, lambda: program.ask(case, first, FIRST_ANSWER_SECONDS))
                if answer is not None:
                    answers[name] = []
                    self.note(name, case, answer)
            for number in range(rounds if programs else 0):
                for name in list(programs):
                    answer = attempt(
                        name, lambda: programs[name].ask(case, amount, amount + ANSWER_SECONDS))
                    if answer is not None:
                        answers[name].append(answer)
                shown = ", ".join(f"{n} {a[-1]['median']:.2f}" for n, a in answers.items())
                print(f"  round {number + 1}: {shown}", file=sys.stderr)
        finally:
            for program in programs.values():
                program.close()
        return answers

    def note(self, name, case, answer):
        self.versions[name] = answer.get("version", "version unknown")
        way = answer.get("way")
        figure = f"{answer['median']:.2f} µs" if "median" in answer else ""
        print(f"  {name}: {figure}{f' ({way})' if way else ''}", file=sys.stderr)
        remark = f"{self.titles[name]}, {case}: {way}"
        if way and remark not in self.ways:
            self.ways.append(remark)

    def fail(self, name, case, failure):
        self.failures.append(f"{self.titles[name]}, {case}: {failure}")
        print(f"  {self.failures[-1]}", file=sys.stderr)


def last_line(command, patience=FIRST_ANSWER_SECONDS, environment=None):
    """The last line that a program prints, as JSON."""
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=patience,
            env={**os.environ, **(environment or {})})
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Failure(str(error)) from error
    words = done.stderr.decode(errors="replace").strip().splitlines()
    if done.returncode != 0:
        raise Failure(f"ended: {words[-1][:200] if words else f'status {done.returncode}'}")
    try:
        return json.loads(done.stdout.decode().strip().splitlines()[-1])
    except (ValueError, IndexError) as error:
        raise Failure(f"answered {done.stdout[:200]!r}") from error
