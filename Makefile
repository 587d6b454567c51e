# make run     install what the page needs, once, and open it
# make test    install what the tests need too, once, and run every test
# make test-oldest   install the oldest torch that the program runs on beside, and run the tests of what uses torch
# make test-cluster   install Ray too, once, and run the tests on clusters of this machine: some minutes
# make lint    formatting, lint and types
# make mcp     open the page, and serve the verbs to MCP clients too
# make reliability   try and count what docs/reliability.md says was tried, a thousand kills among it; about an hour
# make fuzz    an hour of hostile inputs, new ones each time; FUZZ_SECONDS for another time
# make soak    a quarter of an hour of visitors who come and go; memory, files, threads and processes must be flat
# make bench   side by side with what one would otherwise run
# make record-depths   measure the ratio against depth anew, as it comes with the program
# make record-networks DATA=cifar10   train the networks that come with the program with their weights
# make claims   judge every claim in its short form, in about an hour on two cores
# make claims-gpu   go on with the full forms for ten minutes; each call goes on where the last one ended
# make record-claims   what was judged here becomes what comes with the program
# make record-atlases   the atlases that were probed and trained here become those that come with the program
# make record-default   train what the page trains at first, with ten seeds, and pack three of them
# make load    two hundred visitors at once on this machine
# make image   build the Docker image for a processor; TORCH=cu130 for a GPU
# make image-check   build the image without Docker, run it without any rights, and use the page in it
# make space   assemble the Hugging Face Space, install it afresh, start it, and train on it
# make lock    pin every package with its hashes again; this and the next two need uv
# make sbom    what is installed, as CycloneDX, in build/sbom.json
# make audit   look for known holes in what is installed
# make bench-sharing   what it gains that small runs share the GPU; how many do follows from it
# make bench-gpu   the same on a GPU, in one call of less than ten minutes
PYTHON ?= python3
DATA ?= shapes
BIN := .venv/bin
UV := $(shell command -v uv 2>/dev/null)
ifdef UV
VENV = uv venv --quiet --allow-existing --python $(PYTHON) $(@D)
INSTALL = uv pip install --quiet --compile-bytecode --python $(@D)/bin/python
else
VENV = $(PYTHON) -m venv $(@D)
INSTALL = $(@D)/bin/python -m pip install --quiet --disable-pip-version-check
endif

# the oldest that the program runs on, as pyproject.toml and `doctor` say
OLDEST := torch==2.8.0 torchvision==0.23.0
USES_TORCH := $(addprefix tests/,models training gradients analyses executors studies papers api cli benchmarks runs \
  slow test_public.py)

AS_ROOT := $(if $(filter 0,$(shell id -u)),,sudo)


.PHONY: test-cluster fuzz soak load image image-check space lock sbom audit run mcp test test-oldest browser lint reliability bench bench-gpu bench-sharing record-depths record-networks claims claims-gpu record-claims record-atlases record-default clean

run: .venv/run.stamp
	$(BIN)/python app.py

mcp: .venv/mcp.stamp
	$(BIN)/python app.py --mcp

test: .venv/test.stamp browser
	$(BIN)/python -m pytest -n 2 -o "norecursedirs=.* __pycache__"

test-oldest: .venv-oldest/test.stamp
	.venv-oldest/bin/python -m pytest -n 2 -o "norecursedirs=.* __pycache__" $(USES_TORCH)

test-cluster: .venv/cluster.stamp
	$(BIN)/python -m pytest -m cluster tests/executors

# the stories of the page need a browser: Debian's, where the machine has none
browser:
	@command -v chromium || command -v google-chrome || test -n "$$CHROMIUM" || \
	  { $(AS_ROOT) apt-get update -qq && $(AS_ROOT) apt-get install -y -qq --no-install-recommends chromium; }

lint: .venv/test.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	# gradio writes stubs beside components when they are imported; types are checked from the sources
	find resnet_explorer -name '*.pyi' -delete
	$(BIN)/mypy

reliability: .venv/test.stamp browser
	$(BIN)/python -m benchmarks.reliability

fuzz: .venv/fuzz.stamp
	$(BIN)/python -m benchmarks.fuzz

soak: .venv/test.stamp
	$(BIN)/python -m benchmarks.soak

bench: .venv/test.stamp
	$(BIN)/python -m benchmarks

bench-gpu: .venv/run.stamp
	$(BIN)/python -m benchmarks.gpu

bench-sharing: .venv/run.stamp
	$(BIN)/python -m benchmarks.sharing

claims: .venv/run.stamp
	$(BIN)/python -m resnet_explorer claims run all

# an interrupt saves what trains
claims-gpu: .venv/run.stamp
	timeout --preserve-status --signal=INT 580 $(BIN)/python -m resnet_explorer claims run all --form full

record-claims: .venv/run.stamp
	$(BIN)/python -m benchmarks.record_claims

record-atlases: .venv/run.stamp
	$(BIN)/python -m benchmarks.record_atlases

record-default: .venv/run.stamp
	$(BIN)/python -m benchmarks.record_default

record-depths: .venv/run.stamp
	$(BIN)/python -m benchmarks.record_depths

record-networks: .venv/run.stamp
	$(BIN)/python -m benchmarks.record_networks --data $(DATA)

.venv/run.stamp: requirements.txt
	$(VENV)
	$(INSTALL) -r requirements.txt
	touch $@

.venv/test.stamp: requirements.txt requirements-test.txt
	$(VENV)
	$(INSTALL) -r requirements-test.txt
	touch .venv/run.stamp $@

.venv-oldest/test.stamp: requirements.txt requirements-test.txt Makefile
	$(VENV)
	grep -hv '^#\|^-r\|^torch==\|^torchvision==' requirements.txt requirements-test.txt > $(@D)/requirements.txt
	$(INSTALL) $(OLDEST) -r $(@D)/requirements.txt
	touch $@

.venv/cluster.stamp: requirements.txt requirements-test.txt requirements-cluster.txt
	$(VENV)
	$(INSTALL) -r requirements-test.txt -r requirements-cluster.txt
	touch .venv/run.stamp .venv/test.stamp $@

.venv/mcp.stamp: requirements.txt requirements-mcp.txt
	$(VENV)
	$(INSTALL) -r requirements-mcp.txt
	touch $@

.venv/fuzz.stamp: requirements.txt requirements-test.txt requirements-fuzz.txt
	$(VENV)
	$(INSTALL) -r requirements-fuzz.txt
	touch .venv/run.stamp .venv/test.stamp $@

load: .venv/test.stamp
	$(BIN)/python -m benchmarks.load

TORCH ?= cpu
image:
	docker build -t resnet-explorer --build-arg TORCH=$(TORCH) --build-arg COMMIT=$$(git rev-parse HEAD) .

image-check: .venv/test.stamp browser
	command -v buildah podman runc debootstrap > /dev/null || \
	  $(AS_ROOT) apt-get install -y -qq --no-install-recommends buildah podman runc debootstrap
	$(AS_ROOT) deploy/image_check.sh

space: .venv/test.stamp browser
	deploy/space_check.sh

lock:
	{ echo '# what requirements.txt brings but torch and torchvision, with hashes; made by `make lock`'; \
	  grep -v '^#\|^torch==\|^torchvision==' requirements.txt | uv pip compile --quiet --python-version 3.11 --universal \
	  --generate-hashes --no-header --no-emit-index-url --no-annotate - ; } > requirements.lock

sbom: .venv/run.stamp
	mkdir -p build
	uvx --from cyclonedx-bom cyclonedx-py environment $(BIN)/python --output-file build/sbom.json

audit: .venv/run.stamp
	uvx pip-audit --requirement requirements.lock --require-hashes --disable-pip

clean:
	rm -rf .venv .venv-oldest .mypy_cache .ruff_cache .pytest_cache
