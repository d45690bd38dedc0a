#!/usr/bin/env python3
"""The runner of seeded bugs: what it takes for a patch, and for a bug that was caught."""
import importlib.machinery
import importlib.util
import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
LOADER = importlib.machinery.SourceFileLoader("mutants_run", str(pathlib.Path(__file__).with_name("run")))
SPEC = importlib.util.spec_from_loader(LOADER.name, LOADER)
run = importlib.util.module_from_spec(SPEC)
sys.modules[LOADER.name] = run
LOADER.exec_module(run)

HEADER = "# What: a | b\n# Breaks: P9\n# Caught by: x_test --gtest_filter=X.Y\n"
DIFF = "diff --git a/x.cc b/x.cc\n--- a/x.cc\n+++ b/x.cc\n@@ -1 +1 @@\n-one\n+two\n"


class Quick(unittest.TestCase):
    def test_names_patches_that_there_are(self):
        names = run.quick_names(run.FOLDER / "quick")
        self.assertGreaterEqual(len(names), 30)
        self.assertEqual(names, sorted(set(names)))
        run.chosen(run.read_all(run.FOLDER), names)


class Patches(unittest.TestCase):
    def read(self, text):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "name.patch"
            path.write_text(text)
            return run.read(path)

    def test_a_header_is_read(self):
        mutant = self.read(HEADER + DIFF)
        self.assertEqual((mutant.name, mutant.what, mutant.breaks), ("name", "a | b", "P9"))
        self.assertEqual((mutant.target, mutant.crashes), ("x_test", False))
        self.assertTrue(self.read(HEADER + "# Ends by: crash\n" + DIFF).crashes)
        self.assertEqual(self.read(HEADER.replace("x_test", "proof_power-cuts") + DIFF).target, "power-cuts")

    def test_what_is_no_header_is_refused(self):
        for text in (DIFF, HEADER, HEADER + HEADER + DIFF, HEADER + "# Why: x\n" + DIFF, HEADER + "x\n" + DIFF,
                     HEADER.replace("P9", "") + DIFF, HEADER + "# Ends by: luck\n" + DIFF,
                     HEADER.replace("# Breaks: P9\n", "") + DIFF):
            with self.assertRaises(run.Problem, msg=text):
                self.read(text)

    def test_the_table_stands_between_its_marks(self):
        page = f"a\n{run.TABLE_BEGIN}\nold\n{run.TABLE_END}\nb\n"
        text = run.table([self.read(HEADER + DIFF)])
        self.assertIn("| name | a \\| b | P9 | `x_test --gtest_filter=X.Y` |", text)
        once = run.page_with(page, text)
        self.assertNotIn("old", once)
        self.assertEqual(run.page_with(once, text), once)
        self.assertTrue(once.startswith("a\n") and once.endswith("\nb\n"))


class Verdicts(unittest.TestCase):
    def test_only_a_failed_check_counts(self):
        run.judge(1, False)
        run.judge(1, True)
        run.judge(-6, True)
        for code, crashes in ((0, False), (0, True), (2, False), (-6, False), (None, False), (None, True), (127, True)):
            with self.assertRaises(run.Problem, msg=code):
                run.judge(code, crashes)


class Trees(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.tree = run.Tree(pathlib.Path(folder.name) / "tree", 1)
        self.tree.path.mkdir()
        self.file = self.tree.path / "x.cc"
        self.file.write_text("one\n")
        self.patch = pathlib.Path(folder.name) / "name.patch"
        self.patch.write_text(HEADER + DIFF)

    def test_a_patch_is_applied(self):
        self.tree.patch(self.patch)
        self.assertEqual(self.file.read_text(), "two\n")

    def test_a_patch_that_no_longer_fits_is_a_problem_and_changes_nothing(self):
        self.file.write_text("other\n")
        with self.assertRaisesRegex(run.Problem, "renewed"):
            self.tree.patch(self.patch)
        self.assertEqual(self.file.read_text(), "other\n")

    def test_what_does_not_end_is_stopped(self):
        code, _ = self.tree.call(["sleep", "60"], seconds=0.05)
        self.assertIsNone(code)


if __name__ == "__main__":
    unittest.main()
