"""Lint, types and import rules hold; they run with the tests, so that one command says whether all is well."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def run(*arguments):
    """Run a module's command in the checkout; return its exit code and what it printed."""
    environment = {**os.environ, 'PYTHONPATH': str(ROOT), 'NO_COLOR': '1'}
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True,
                          timeout=400, check=False)
    return done.returncode, done.stdout + done.stderr


def test_ruff_finds_nothing():
    pytest.importorskip('ruff')
    code, text = run('-m', 'ruff', 'check', 'lepatrol', 'test', 'setup.py', *map(str, ROOT.glob('launch/*.py')))
    assert code == 0, text


def test_the_types_agree():
    pytest.importorskip('mypy')
    code, text = run('-m', 'mypy')
    assert code == 0, text


def test_imports_point_one_way():
    pytest.importorskip('importlinter')
    code, text = run('-c', 'import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())')
    assert code == 0, text
