// Small comforts of every page. Everything here is delegation on the document, so fragments that arrive later
// need no set-up, and nothing here is needed to finish the work.

const RETRY_AFTER_MS = 15000
const PHONE = window.matchMedia('(max-width: 991.98px)')

// ---- rows: click, Enter and arrow keys open the row's own link

function rowOf(target) {
  return target.closest('table[data-rows] tr[data-href]')
}

document.addEventListener('click', (event) => {
  const row = rowOf(event.target)
  if (!row || event.target.closest('a, button, input, select, textarea, label, summary')) return
  if (String(window.getSelection())) return
  if (event.metaKey || event.ctrlKey) window.open(row.dataset.href, '_blank', 'noopener')
  else window.location.assign(row.dataset.href)
})

document.addEventListener('keydown', (event) => {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
  const row = event.target.matches('table[data-rows] a') && rowOf(event.target)
  if (!row) return
  const rows = [...row.closest('table').querySelectorAll('tr[data-href]')]
  const next = rows[rows.indexOf(row) + (event.key === 'ArrowDown' ? 1 : -1)]
  if (!next) return
  event.preventDefault()
  next.querySelector('a')?.focus()
})

document.addEventListener('focusin', (event) => {
  document.querySelectorAll('tr.is-current').forEach((row) => row.classList.remove('is-current'))
  if (event.target.matches('a')) rowOf(event.target)?.classList.add('is-current')
})

// ---- forms: one submit at a time, never a dead button

function release(form) {
  delete form.dataset.sent
  form.querySelectorAll('[aria-disabled="true"]').forEach((button) => button.removeAttribute('aria-disabled'))
}

document.addEventListener('submit', (event) => {
  const form = event.target
  delete form.dataset.dirty
  if (form.method !== 'post' || 'noGuard' in form.dataset) return
  if (form.dataset.sent) {
    event.preventDefault()
    return
  }
  form.dataset.sent = 'yes'
  // Not `disabled`: the browser would leave the button's own name and value out of the request.
  event.submitter?.setAttribute('aria-disabled', 'true')
  setTimeout(() => release(form), RETRY_AFTER_MS)
})

window.addEventListener('pageshow', () => document.querySelectorAll('form[data-sent]').forEach(release))
document.addEventListener('htmx:afterRequest', (event) => {
  const form = event.target.closest?.('form')
  if (form) release(form)
})

// Enter that confirms a word of the input method is not Enter that submits; Safari says so only by code 229.
document.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.isComposing || event.keyCode === 229)) event.stopPropagation()
  if (event.key === 'Enter' && event.keyCode === 229 && event.target.matches('input')) event.preventDefault()
}, true)

document.addEventListener('input', (event) => {
  const form = event.target.form
  if (form && 'warnUnsaved' in form.dataset) form.dataset.dirty = 'yes'
})

window.addEventListener('beforeunload', (event) => {
  if (document.querySelector('form[data-dirty]')) event.preventDefault()
})

// ---- counters: <output data-count-for="id"> tells how much room is left

function tell(output, field) {
  const length = [...field.value].length
  output.textContent = field.maxLength > 0 ? `${length} / ${field.maxLength} 字` : `${length} 字`
}

document.querySelectorAll('[data-count-for]').forEach((output) => {
  const field = document.getElementById(output.dataset.countFor)
  if (!field) return
  tell(output, field)
  field.addEventListener('input', () => tell(output, field))
})

// ---- menus and panels

document.addEventListener('click', (event) => {
  document.querySelectorAll('details[data-menu][open]').forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false
  })
})

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return
  document.querySelectorAll('details[data-menu][open]').forEach((menu) => {
    menu.open = false
    menu.querySelector('summary').focus()
  })
})

document.addEventListener('toggle', (event) => {
  const panel = event.target
  if (!panel.matches?.('details[data-move]') || !panel.open) return
  panel.parentElement.querySelectorAll('details[data-move][open]').forEach((other) => {
    if (other !== panel) other.open = false
  })
  panel.querySelector('textarea, select, input:not([type="hidden"])')?.focus()
}, true)

if (PHONE.matches) document.querySelectorAll('details[data-filters]').forEach((filters) => { filters.open = false })

document.querySelector('[data-focus]')?.focus()

// ---- long texts: paper shows all of them

let openedToPrint = []
window.addEventListener('beforeprint', () => {
  openedToPrint = [...document.querySelectorAll('details.long-text:not([open])')]
  openedToPrint.forEach((text) => { text.open = true })
})
window.addEventListener('afterprint', () => openedToPrint.forEach((text) => { text.open = false }))

// ---- uploads: what was chosen, and what is too big before it travels

document.addEventListener('change', (event) => {
  const box = event.target.closest('[data-upload]')
  if (!box || event.target.type !== 'file') return
  const limit = Number(box.dataset.maxMb || 0)
  const lines = [...box.querySelectorAll('input[type="file"]')].flatMap((input) => [...input.files]).map((file) => {
    const megabytes = file.size / 1024 / 1024
    const line = document.createElement('li')
    const name = document.createElement('span')
    const size = document.createElement('span')
    name.textContent = file.name
    size.textContent = `${megabytes.toFixed(1)} MB`
    if (limit && megabytes > limit) {
      size.textContent += `，超过 ${limit} MB，请换一张或压缩后再选`
      line.className = 'too-big'
    }
    line.append(name, size)
    return line
  })
  box.querySelector('[data-upload-list]').replaceChildren(...lines)
})

// ---- htmx: a fragment that did not come is said in words

function say(text) {
  const line = document.createElement('p')
  line.className = 'message message-danger'
  line.setAttribute('role', 'alert')
  line.textContent = text
  document.getElementById('messages')?.replaceChildren(line)
}

// A refusal may come as a whole page; its sentence belongs in the message line, not the page in the fragment.
function sentence(xhr) {
  if (!/^\s*(<!doctype|<html)/i.test(xhr.responseText)) return ''
  const main = new DOMParser().parseFromString(xhr.responseText, 'text/html').querySelector('main')
  return main?.querySelector('p:not(.message)')?.textContent.trim() || ''
}

// What a part of the page asked by itself, nobody waits for.
function isQuiet(event) {
  return Boolean(event.target.closest?.('[data-quiet]'))
}

document.addEventListener('htmx:beforeSwap', (event) => {
  if (isQuiet(event) && event.detail.xhr.status >= 400) event.detail.shouldSwap = false
  const text = event.detail.xhr.status >= 400 && event.detail.shouldSwap && sentence(event.detail.xhr)
  if (!text) return
  event.detail.shouldSwap = false
  say(text)
})

document.addEventListener('htmx:sendError', (event) => isQuiet(event) || say('网络断开，刚才的内容没有送达。请检查网络后再试一次。'))
document.addEventListener('htmx:timeout', (event) => isQuiet(event) || say('等候太久，没有收到答复。请刷新本页看是否已经办好，再决定是否重试。'))
document.addEventListener('htmx:responseError', (event) => {
  if (isQuiet(event)) return
  const xhr = event.detail.xhr
  if (xhr.status === 404) say('这部分内容已经不在，请刷新本页。')
  else say(sentence(xhr) || '系统出错，这次操作没有完成。请过几分钟再试。')
})
