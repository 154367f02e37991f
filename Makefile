.PHONY: run test test-long check bench mutants

# Everything a person needs is these; each makes .venv right first and does nothing when it is.
run:    ## 启动本机系统（PORT=8000，DEMO=0 为空白单位）
	@sh deploy/prepare.sh run
	@exec .venv/bin/python -m conduct.up

test:   ## 运行全部测试
	@sh deploy/prepare.sh dev
	@exec .venv/bin/python -m tests.run

test-long: ## 久战：各项测试在另一种数据库上再走一遍；断电试验十轮，每轮一分钟（每轮连同布置约三分钟）
	@sh deploy/prepare.sh dev
	@exec .venv/bin/python -m tests.run other-sqlite other-postgres long

check:  ## 格式、静态检查、类型、导入约束、迁移、部署检查
	@sh deploy/prepare.sh dev
	@exec .venv/bin/python -m tests.checks

bench:  ## 测量，逐行输出 JSON
	@sh deploy/prepare.sh dev
	@exec .venv/bin/python -m tests.bench

mutants: ## 改动试验：逐处改动准入、办理步骤、工作日历、审计链的代码，看测试能否发现（约一小时）
	@sh deploy/prepare.sh dev
	@uv=.venv/bin/uv; [ -x $$uv ] || uv=.venv/uv/bin/uv; \
	UV_PROJECT_ENVIRONMENT=build/mutants exec $$uv run --quiet --frozen --no-default-groups --group mutants python -m tests.mutation
