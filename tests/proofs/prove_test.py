#!/usr/bin/env python3
"""Tests of prove.py."""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import prove  # noqa: E402  (the folder is known only now)

SUMMARY = {"proof": "cuts", "unit": "power cuts", "count": 5, "counts": {"lives": 2}, "seconds": 3, "failures": 0}


class Plan(unittest.TestCase):
    def test_lanes_share_the_time(self):
        commands = prove.plan([pathlib.Path("a"), pathlib.Path("b")], {"fuzzers": ["f", "--seconds"]}, 6, lanes=2)
        self.assertEqual(commands["a"], ["a", "--minutes", "4.000"])
        self.assertEqual(commands["fuzzers"], ["f", "--seconds", "240"])

    def test_one_alone_takes_no_longer_than_all(self):
        self.assertEqual(prove.plan([pathlib.Path("a")], {}, 6, lanes=2)["a"], ["a", "--minutes", "6.000"])


class Sums(unittest.TestCase):
    def test_runs_add_up(self):
        total = prove.add_up([SUMMARY, {**SUMMARY, "failures": 1}])["cuts"]
        self.assertEqual((total["runs"], total["count"], total["seconds"], total["failures"]), (2, 10, 6, 1))
        self.assertEqual(total["counts"], {"lives": 4})

    def test_a_failure_without_a_summary_keeps_the_unit(self):
        broken = {"proof": "cuts", "unit": "", "count": 0, "seconds": 0, "failures": 1}
        self.assertEqual(prove.add_up([broken, SUMMARY])["cuts"]["unit"], "power cuts")

    def test_the_last_object_is_the_summary(self):
        self.assertEqual(prove.last_object('noise\n{"x": 1}\n' + json.dumps(SUMMARY) + "\n"), SUMMARY)
        self.assertIsNone(prove.last_object("noise\n"))
        self.assertIsNone(prove.last_object(""))


class Programs(unittest.TestCase):
    """The script with programs of its own."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        (pathlib.Path(self.folder.name) / "programs").mkdir()

    def program(self, name, body):
        path = pathlib.Path(self.folder.name) / "programs" / name
        path.write_text("#!/bin/sh\n" + body)
        path.chmod(0o755)

    def prove(self, *arguments):
        return subprocess.run(
            [sys.executable, prove.__file__, "--programs", f"{self.folder.name}/programs",
             "--record", f"{self.folder.name}/record", *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)

    def test_a_proof_that_holds(self):
        self.program("cuts", f"echo '{json.dumps(SUMMARY)}'\n")
        for runs in (1, 2):
            done = self.prove("--only", "cuts")
            self.assertEqual(done.returncode, 0, done.stdout)
            self.assertIn("1 passed, 0 failed", done.stdout)
            self.assertRegex(done.stdout, rf"cuts +{runs} +{5 * runs} +power cuts +0")

    def test_a_proof_that_breaks_or_says_nothing(self):
        self.program("cuts", "echo 'seed 7: a row was lost'; exit 1\n")
        self.program("silent", "exit 0\n")
        done = self.prove("--only", "cuts", "--only", "silent")
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("seed 7: a row was lost", done.stdout)
        self.assertIn("0 passed, 2 failed", done.stdout)

    def test_misuse(self):
        self.program("cuts", "exit 0\n")
        unknown = self.prove("--only", "walks")
        self.assertIn("there is no proof walks; there are cuts", unknown.stdout)
        self.assertEqual(unknown.returncode, 2)
        self.assertEqual(self.prove("--minutes", "0").returncode, 2)
        self.assertIn("cuts", self.prove("--list").stdout)


if __name__ == "__main__":
    unittest.main()
