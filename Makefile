.PHONY: run test check bench

# Everything a person needs is these four; each makes .venv right first and does nothing when it is.
run:    ## 启动本机系统（PORT=8000，DEMO=0 为空白单位）
	@sh deploy/prepare.sh run
	@exec .venv/bin/python -m conduct.up

test:   ## 运行全部测试
	@sh deploy/prepare.sh dev
	@exec .venv/bin/python -m tests.run

check:  ## 格式、静态检查、类型、导入约束、迁移、部署检查
	@sh deploy/prepare.sh dev
	@exec .venv/bin/python -m tests.checks

bench:  ## 测量，逐行输出 JSON
	@sh deploy/prepare.sh dev
	@exec .venv/bin/python -m tests.bench
