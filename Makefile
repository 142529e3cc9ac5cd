# Tuần Học. `make` alone prints this menu; docs/architecture.md tells the rest.
.DEFAULT_GOAL := menu
.PHONY: menu setup run rehearsal test lint fix bench soak accuracy doctor migrate migration translate lock vendor clean
.SUFFIXES:

BIN := .venv/bin
WORDS := translations/vi/LC_MESSAGES/messages.mo

menu: ## this menu
	@echo "Tuần Học: the Lifelong Learning Week, from the plan to the report"
	@sed -n 's/^\([a-z][a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20

setup: .venv/.run $(WORDS) ## .venv with locked dependencies, compiled translations

.venv/.run: requirements/run.txt tools/setup.sh
	@sh tools/setup.sh run

.venv/.dev: requirements/dev.txt tools/setup.sh .venv/.run
	@sh tools/setup.sh dev

$(WORDS): .venv/.run core/translations.py $(wildcard translations/vi/*.po)
	@$(BIN)/python -m core.translations

run: setup ## serve on HOST and PORT (127.0.0.1:8000) with the example weeks the first time
	@sh tools/run.sh

rehearsal: setup ## serve a throw-away week whose doors are open now
	@sh tools/run.sh rehearsal

test: .venv/.dev $(WORDS) ## everything that CI checks: lint, SQLite, PostgreSQL, browser
	@$(BIN)/python -m tools.test

lint: .venv/.dev $(WORDS) ## ruff, mypy, import-linter, vendored files, translations
	@$(BIN)/python -m tools.test lint

fix: .venv/.dev ## let ruff repair and format what it can
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet .

bench: .venv/.dev $(WORDS) ## speed of the door and of the programme, beside bare servers
	@$(BIN)/python -m bench

soak: .venv/.dev $(WORDS) ## the long forms of the reliability tests (kills, load; takes long)
	@$(BIN)/python -m tools.test soak

accuracy: setup ## how well the example plans are understood, field by field
	@$(BIN)/python -m tools.accuracy

doctor: setup ## what is configured, what is wrong, what to do
	@$(BIN)/flask doctor

migrate: setup ## bring the database up to this program, with a copy first
	@$(BIN)/flask db upgrade

migration: .venv/.dev ## write the next migration: make migration name=waiting_list
	@test -n "$(name)" || { echo "say what it brings: make migration name=waiting_list" >&2; exit 1; }
	@$(BIN)/python -m tools.migration $(name)

translate: .venv/.dev ## name every sentence without Vietnamese words, then compile
	@$(BIN)/python -m tools.sentences && $(BIN)/python -m core.translations

lock: ## lock the dependencies again (needs uv)
	@sh tools/lock.sh

vendor: .venv/.run ## fetch other people's front-end files again, by version and hash (needs npm)
	@$(BIN)/python tools/vendor.py fetch

clean: ## remove what tools leave behind; instance/ and its data stay
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
