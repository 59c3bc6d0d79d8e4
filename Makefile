# lepatrol: `make demo` and `make test` build .venv on their first call; `make help` names the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Two processes: a test file stays in one of them, and each has a ROS domain of its own (test/conftest.py).
PYTEST_PROCESSES ?= 2

# A ROS 2 that is sourced is used; else pip brings one into .venv.
ifneq ($(and $(ROS_DISTRO),$(shell $(PYTHON) -c 'import rclpy' 2>/dev/null && echo yes)),)
FLAVOUR := ros-$(ROS_DISTRO)
VENV_OPTIONS := --system-site-packages
EXTRAS := test
else
FLAVOUR := pip
VENV_OPTIONS :=
EXTRAS := ros,test
endif
INSTALLED := $(VENV)/.installed-$(FLAVOUR)

.DEFAULT_GOAL := help
.PHONY: help demo test bench lint clean

help:
	@echo 'make demo    watch a robot walk its round in the prison; pictures and a recording go to out/'
	@echo 'make test    run all tests, with lint, types and import rules among them'
	@echo 'make bench   measure speed and memory; a table, and out/bench.json'
	@echo 'make lint    run only ruff, mypy and the import rules'
	@echo 'make clean   remove .venv and what tools left behind; out/ stays'
	@echo 'The first call builds .venv (some 500 MB); a ROS 2 that is sourced is used, else pip brings one.'
	@echo 'Something amiss? $(BIN)/lepatrol doctor'

demo: $(INSTALLED)
	@$(BIN)/lepatrol demo

test: $(INSTALLED)
	@$(BIN)/python -m pytest -q -n $(PYTEST_PROCESSES) --dist loadfile

bench: $(INSTALLED)
	@$(BIN)/python -m lepatrol.bench

lint: $(INSTALLED)
	@$(BIN)/python -m pytest -q test/test_code_quality.py

clean:
	rm -rf $(VENV) build install log dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find lepatrol test -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamp stands for a whole installation and is touched last. A change of dependencies only updates .venv; a change
# of ROS makes it anew.
$(INSTALLED): setup.py setup.cfg pyproject.toml package.xml
	@echo 'Preparing $(VENV) with $(shell $(PYTHON) --version) ($(FLAVOUR)): a minute or two, once ...'
	@[ -e $@ ] || $(PYTHON) -m venv --clear $(VENV_OPTIONS) $(VENV) || { \
	  echo 'Python cannot make virtual environments; on Debian and Ubuntu: apt install python3-venv' >&2; exit 1; }
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -e '.[$(EXTRAS)]'
	@touch $@
