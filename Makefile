# The few commands that set Waypost up; what they do in detail is in scripts/.

.PHONY: help run build test test-long lint demo bench accuracy fuzz instructions data

help: ## List these targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

run: build ## Build Waypost and start it at http://localhost:8080, no settings needed
	$${CARGO_TARGET_DIR:-./target}/release/waypost serve

# The dashboard comes first: the server carries what it finds in dashboard/dist.
build: ## Build the dashboard, where Node is, and the server
	@if scripts/dashboard.sh install; then scripts/dashboard.sh build; else echo 'The server is built without its dashboard.'; fi
	cargo build --release

test: ## Run every suite, on SQLite and on a PostgreSQL of its own
	scripts/test.sh

test-long: ## Kill, stop and starve the server, and walk over every page, for half an hour
	scripts/test-long.sh

lint: ## Check formatting, lints and licences only
	scripts/test.sh lint

demo: build ## Let 1,000 real agents click from 54 countries, each landing checked
	scripts/demo.sh

bench: build ## Measure redirects beside nginx and all that makes them dear, and write docs/performance.md
	scripts/bench.sh

fuzz: ## Fuzz the rules for a minute a target; `make fuzz MINUTES=10 TARGET=decide` for longer
	MINUTES=$(MINUTES) TARGET=$(TARGET) scripts/fuzz.sh

instructions: ## Count the instructions of decisions and compare them with the recorded ones
	scripts/instructions.sh

accuracy: ## Hold the facts against other parsers and write docs/accuracy.md (needs Node and the network)
	scripts/accuracy.sh

data: ## Refresh the data that the binary carries (needs the network)
	$(MAKE) -C data
