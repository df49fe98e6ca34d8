# Everything starts from here on a bare machine: `make demo` and `make test` create the environment they need.
# Without make (Windows, macOS): see CONTRIBUTING.md.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:

# Python 3.11 or a newer one; override with `make PYTHON=/path/to/python …`.
PYTHON ?= $(shell for name in python3.11 python3 python3.12 python3.13 python3.14; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$name" && break; done)
VENV := .venv
PEERS := .venv-bench
RUN := $(VENV)/bin/python
DEMO := build/demonstration.firdesk
# Screens are rendered without a display; tests and captures look the same everywhere.
OFFSCREEN := QT_QPA_PLATFORM=offscreen
# More options for pytest: `make test ARGS="-k import"`.
ARGS ?=

.PHONY: help demo run test check format bench guide package test-package lock clean python qt dev

help:
	@echo "make demo          base de démonstration, puis la fenêtre (sans écran : captures et rapport dans build/)"
	@echo "make run           ouvrir FIRDesk  (make run BASE=ma-base.firdesk)"
	@echo "make test          la suite de tests"
	@echo "make check         ruff, mypy, import-linter, règles d'architecture"
	@echo "make format        mettre en forme le code"
	@echo "make bench         mesures comparées (docs/performance.md)"
	@echo "make guide         refaire les images de docs depuis la base de démonstration"
	@echo "make package       programme autonome dans dist/firdesk, puis son autotest"
	@echo "make test-package  les tests du programme autonome"
	@echo "make lock          recalculer requirements/*.txt depuis pyproject.toml (UPGRADE=--upgrade pour monter)"
	@echo "make clean         effacer build/ et dist/"

python:
	@test -n "$(PYTHON)" || { echo "Il faut Python 3.11 ou plus récent : apt-get install python3" >&2; \
		echo "(Python 3.11 or newer is needed)" >&2; exit 1; }

$(VENV)/run.stamp: requirements/run.txt | python
	$(PYTHON) .ci/environment.py venv run $(VENV)
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt requirements/run.txt | python
	$(PYTHON) .ci/environment.py venv dev $(VENV)
	@touch $(VENV)/run.stamp $@

$(PEERS)/bench.stamp: requirements/bench.txt | python
	$(PYTHON) .ci/environment.py venv bench $(PEERS)
	@touch $@

qt: $(VENV)/run.stamp
	@$(RUN) .ci/environment.py qt

dev: $(VENV)/dev.stamp
	@$(RUN) .ci/environment.py qt

$(DEMO): | qt
	@mkdir -p build
	$(RUN) -m firdesk demo $@

demo: $(DEMO) qt
	@if $(RUN) .ci/environment.py display; then \
		exec $(RUN) -m firdesk $(DEMO); \
	else \
		$(OFFSCREEN) $(RUN) -m firdesk captures $(DEMO) build/captures && \
		$(OFFSCREEN) $(RUN) -m firdesk rapport $(DEMO) themes --sortie build/rapport-themes.pdf && \
		echo && echo "Pas d'écran ici : la base, ses pages et un rapport ont été écrits (no display, files written):" && \
		ls -1 $(DEMO) build/captures/*.png build/rapport-themes.pdf; \
	fi

run: qt
	$(RUN) -m firdesk $(BASE)

test: dev
	$(OFFSCREEN) $(RUN) -m pytest -n 2 -m "not packaging" $(ARGS)

check: dev
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy
	$(RUN) -m mypy .ci/environment.py
	$(RUN) -c "from importlinter.cli import lint_imports_command; lint_imports_command()" --no-logo
	$(OFFSCREEN) $(RUN) -m pytest -q -p no:randomly tests/architecture

format: dev
	$(RUN) -m ruff check --fix .
	$(RUN) -m ruff format .

# The program is measured in its own environment, its peers (pandas…) in theirs.
bench: qt $(PEERS)/bench.stamp
	$(OFFSCREEN) FIRDESK_BENCH_PEERS=$(PEERS)/bin/python $(RUN) -m bench $(ARGS)

# In a folder of the system's own and under another name: pictures show paths and who imported.
ATELIER := $(or $(TMPDIR),/tmp)/Delegation
A_IMPORTER := $(ATELIER)/FIR 2025/a-importer
MILLESIME := 2025_engagements_exporter_20260209
FIRDESK := $(OFFSCREEN) LOGNAME=delegue $(RUN) -m firdesk
IMAGES := docs/guide/images
guide: qt
	rm -rf "$(ATELIER)" && mkdir -p "$(ATELIER)" $(IMAGES)
	$(FIRDESK) demo "$(ATELIER)/fir.firdesk" --fichiers "$(ATELIER)/FIR 2025"
	$(FIRDESK) captures "$(ATELIER)/fir.firdesk" "$(ATELIER)/avant" --importer "$(A_IMPORTER)/$(MILLESIME).xlsx" \
		--importer "$(A_IMPORTER)/Suivi des GEM 2025.xlsx" --importer "$(A_IMPORTER)/Paiements 2026.xlsx" >/dev/null
	$(FIRDESK) importer "$(ATELIER)/fir.firdesk" "$(A_IMPORTER)/SIBC_execution_FIR_20251130.xlsx" >/dev/null
	$(FIRDESK) importer "$(ATELIER)/fir.firdesk" "$(A_IMPORTER)/Suivi des GEM 2025.xlsx" --decision "ailleurs=ignorer" \
		--correspondance "nom=A,departement=B,action=C,notifie=D,date_notification=E,motivation=F,mesure3==MI2-4-6" >/dev/null
	$(FIRDESK) importer "$(ATELIER)/fir.firdesk" "$(A_IMPORTER)/$(MILLESIME).xlsx" --decision "notifie:1.234=milliers" >/dev/null
	$(FIRDESK) captures "$(ATELIER)/fir.firdesk" "$(ATELIER)/apres" >/dev/null
	cp "$(ATELIER)"/apres/*-imports-clair.png $(IMAGES)/imports.png
	cp "$(ATELIER)/apres/import-ecrit-clair.png" $(IMAGES)/import-ecrit.png
	cp "$(ATELIER)/apres/situations-clair.png" $(IMAGES)/situations.png
	for onglet in execution rapprochement echeancier atterrissage alertes versions recettes exercices; do \
		cp "$(ATELIER)"/avant/*-budget-$$onglet-clair.png $(IMAGES)/$$onglet.png || exit 1; \
	done
	for page in engagements comparaison; do cp "$(ATELIER)/avant/$$page-clair.png" $(IMAGES)/$$page.png || exit 1; done
	cp "$(ATELIER)/avant/echeancier-clair.png" $(IMAGES)/planifier.png
	cp "$(ATELIER)"/avant/*-conventions-clair.png $(IMAGES)/conventions.png
	cp "$(ATELIER)"/avant/*-dispositifs-description-clair.png $(IMAGES)/dispositifs.png
	cp "$(ATELIER)"/avant/*-tableau-de-bord-clair.png docs/images/tableau-de-bord.png
	cp "$(ATELIER)/avant/import-suivi-des-gem-2025-colonnes-clair.png" $(IMAGES)/colonnes.png
	cp "$(ATELIER)/avant/import-paiements-2026-decider-clair.png" $(IMAGES)/paiements.png
	for etape in decider differences disparues; do \
		cp "$(ATELIER)/avant/import-2025-engagements-exporter-20260209-$$etape-clair.png" $(IMAGES)/$$etape.png || exit 1; \
	done
	rm -rf "$(ATELIER)"

package: dev
	@$(RUN) .ci/environment.py packaging
	$(RUN) -m PyInstaller --noconfirm --log-level ERROR --distpath dist --workpath build/pyinstaller firdesk.spec
	$(OFFSCREEN) dist/firdesk/firdesk autotest
	@du -sh dist/firdesk

test-package: dev
	@$(RUN) .ci/environment.py packaging
	$(OFFSCREEN) $(RUN) -m pytest -p no:randomly -m packaging tests/packaging $(ARGS)

# uv is a tool of the moment, in an environment of its own; the lists name no registry.
LOCK = build/lock/bin/python -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-annotate --no-header $(UPGRADE)
lock: python
	$(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip install --quiet --disable-pip-version-check uv
	$(LOCK) pyproject.toml -o requirements/run.txt
	$(LOCK) --extra dev -c requirements/run.txt pyproject.toml -o requirements/dev.txt
	$(LOCK) --group bench -c requirements/run.txt -o requirements/bench.txt

clean:
	rm -rf build dist
