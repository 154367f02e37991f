// Draws each [data-chart] from the JSON of its id. The table beside it carries the same values for print and for
// readers without script; a click opens the list behind a value, as the table does.

const INK = '#1f2329'
const MUTE = '#565d66'
const LINE = '#d8dade'
// Neighbours differ in lightness as well as hue, and none is the green, amber or red of a deadline light.
const SERIES = ['#1d3f7a', '#3c9696', '#d0a63c', '#7a2f5d', '#6b727b', '#7fa3d6', '#a3785a', '#b58bb0', '#2c2f36']
const HEAT = ['#fdf6f5', '#efc4bf', '#d5756d', '#a61c1c']

const TEXT = { fontFamily: 'PingFang SC, Microsoft YaHei, Noto Sans CJK SC, sans-serif', fontSize: 13, color: INK }

const GRID = { left: 16, right: 24, bottom: 8, containLabel: true }

function axis(names, room = 120) {
  return {
    type: 'category', data: names, axisTick: { show: false },
    axisLine: { lineStyle: { color: MUTE } }, axisLabel: { ...TEXT, width: room, overflow: 'truncate' },
  }
}

function scale() {
  return { type: 'value', minInterval: 1, axisLabel: { ...TEXT, color: MUTE }, splitLine: { lineStyle: { color: LINE } } }
}

function frame(chart) {
  return {
    animation: false,
    color: SERIES,
    textStyle: TEXT,
    aria: { enabled: true, label: { description: `${chart.title}，数据见旁边的表格` } },
    // Rich text, because a tooltip made of HTML carries style attributes.
    tooltip: { renderMode: 'richText', backgroundColor: '#fff', borderColor: INK, borderWidth: 1, textStyle: TEXT, shadowBlur: 0 },
    legend: { top: 8, left: 16, icon: 'rect', textStyle: TEXT, itemWidth: 14, itemHeight: 14 },
  }
}

function series(chart, type, more) {
  return chart.rows.map((row) => ({
    // An empty piece of a bar would still draw its border.
    name: row.label, type, data: type === 'bar' ? row.values.map((value) => value || '-') : row.values, barMaxWidth: 40, cursor: 'pointer',
    itemStyle: { borderColor: '#fff', borderWidth: type === 'bar' ? 1 : 0 }, ...more,
  }))
}

// Room for the legend: as many lines as its names fill.
function legendHeight(chart, width) {
  let lines = 1
  let taken = 0
  for (const row of chart.rows) {
    const length = row.label.length * TEXT.fontSize + 34
    if (taken && taken + length > width - 32) {
      lines += 1
      taken = 0
    }
    taken += length
  }
  return 24 + lines * 24
}

// Where columns are narrow, the code of a category stands for its name; the table beside tells both.
function narrowed(names, width) {
  return names.length * 96 > width ? names.map((name) => name.match(/^([A-Z]\d*) /)?.[1] || name) : names
}

function columns(chart, width) {
  const stacked = chart.kind === 'stack' ? { stack: 'all' } : {}
  const line = chart.kind === 'line'
  return {
    ...frame(chart), xAxis: axis(chart.columns), yAxis: scale(),
    grid: { ...GRID, top: legendHeight(chart, width) },
    series: series(chart, line ? 'line' : 'bar', line ? { symbolSize: 8, smooth: false } : stacked),
    ...(chart.rows.length < 2 ? { legend: { show: false } } : {}),
  }
}

function ranking(chart, width) {
  return {
    ...frame(chart), legend: { show: false }, grid: { ...GRID, right: 56, top: 16 },
    xAxis: { ...scale(), show: false },
    yAxis: { ...axis(chart.rows.map((row) => row.label), Math.min(224, width * .3)), inverse: true },
    series: [{
      type: 'bar', data: chart.rows.map((row) => row.values[0]), barMaxWidth: 24, cursor: 'pointer',
      label: { show: true, position: 'right', ...TEXT },
    }],
  }
}

function heat(chart, width) {
  const cells = chart.rows.flatMap((row, y) => row.values.map((value, x) => [x, y, value ?? '-']))
  const most = Math.max(1, ...cells.map((cell) => Number(cell[2]) || 0))
  return {
    ...frame(chart), legend: { show: false }, grid: { ...GRID, right: 16, top: 8 },
    xAxis: { ...axis(narrowed(chart.columns, width * .7)), position: 'top', axisLine: { show: false } },
    yAxis: { ...axis(chart.rows.map((row) => row.label), Math.min(224, width * .3)), inverse: true, axisLine: { show: false } },
    visualMap: { show: false, min: 0, max: most, inRange: { color: HEAT } },
    series: [{
      type: 'heatmap', cursor: 'pointer', itemStyle: { borderColor: '#fff', borderWidth: 2 },
      label: { show: true, ...TEXT },
      data: cells.map((cell) => ({ value: cell, label: { color: cell[2] / most > .6 ? '#fff' : INK } })),
    }],
  }
}

const DRAW = { bar: columns, stack: columns, line: columns, rank: ranking, heat }

// Row and column of a value; its list is opened by the link of the same cell in the table beside the chart.
function place(chart, params) {
  if (chart.kind === 'rank') return [params.dataIndex, 0]
  if (chart.kind === 'heat') return [params.value[1], params.value[0]]
  return [params.seriesIndex, params.dataIndex]
}

function address(box, chart, params) {
  const [row, column] = place(chart, params)
  const cell = box.parentElement.querySelector('tbody')?.rows[row]?.cells[column + 1]
  return cell?.querySelector('a')?.href
}

function draw(box) {
  const source = document.getElementById(box.dataset.chart)
  if (!source || !window.echarts) return
  const chart = JSON.parse(source.textContent)
  if (!chart.rows.length || !DRAW[chart.kind]) return
  box.hidden = false
  if (chart.rows.length > 12 && (chart.kind === 'heat' || chart.kind === 'rank')) box.classList.add('chart-tall')
  const drawn = window.echarts.init(box, null, { renderer: 'svg' })
  drawn.setOption(DRAW[chart.kind](chart, box.clientWidth))
  drawn.on('click', (params) => {
    const url = address(box, chart, params)
    if (url) window.location.assign(url)
  })
  new ResizeObserver(() => drawn.resize()).observe(box)
}

// The drawing library is a deferred script and comes before modules; a fragment may bring a chart later.
document.querySelectorAll('[data-chart]').forEach(draw)
document.addEventListener('htmx:load', (event) => event.target.querySelectorAll('[data-chart]').forEach(draw))
