// Copies the few files pages load from node_modules into static/vendor, with their licences.
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const modules = join(here, '..', '..', 'node_modules')

const files = {
  'bootstrap/dist/css/bootstrap.min.css': 'bootstrap.min.css',
  'bootstrap/dist/js/bootstrap.bundle.min.js': 'bootstrap.bundle.min.js',
  'bootstrap/LICENSE': 'bootstrap.LICENSE',
  'htmx.org/dist/htmx.min.js': 'htmx.min.js',
  'htmx.org/LICENSE': 'htmx.LICENSE',
  'echarts/dist/echarts.min.js': 'echarts.min.js',
  'echarts/LICENSE': 'echarts.LICENSE',
  'echarts/NOTICE': 'echarts.NOTICE',
}

for (const [from, to] of Object.entries(files)) {
  // The source maps stay behind, and hashed static storage refuses a reference to a file it lacks.
  const text = readFileSync(join(modules, from), 'utf8').replace(/\n(\/\/|\/\*)# sourceMappingURL=.*$/s, '\n')
  writeFileSync(join(here, to), text)
}
