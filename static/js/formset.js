// Adds another block to a Django formset from its empty template, takes blocks away and brings them back.
// Markup: [data-formset="prefix"] with the management form, [data-formset-list], [data-formset-item] holding
// [data-formset-body] and [data-formset-gone] (with [data-formset-what] and [data-formset-restore]),
// <template data-formset-empty> using __prefix__, [data-formset-add], [data-formset-remove],
// [data-formset-delete] around the delete box, [data-formset-number].
// Blocks without a body (rows of a plain list) are hidden whole.

function isRemoved(item) {
  return item.hidden || Boolean(item.querySelector('input[name$="-DELETE"]')?.checked)
}

function items(box) {
  return [...box.querySelectorAll('[data-formset-item]')].filter((item) => !isRemoved(item))
}

function total(box) {
  return box.querySelector(`[name="${box.dataset.formset}-TOTAL_FORMS"]`)
}

// Whether anything was written, ticked or chosen: such a block leaves a line behind that brings it back.
function isFilled(item) {
  return [...item.querySelectorAll('textarea, select, input:not([type="number"])')].some((field) => {
    if (field.name.endsWith('-DELETE')) return false
    if (field.type === 'checkbox') return field.checked
    if (field.tagName === 'SELECT') return field.selectedIndex > 0
    return Boolean(field.value.trim())
  })
}

function beginning(item) {
  const text = [...item.querySelectorAll('textarea, input[type="text"]')].map((field) => field.value.trim()).find(Boolean)
  return text ? `“${[...text].slice(0, 20).join('')}${[...text].length > 20 ? '……' : ''}”` : '一项'
}

function show(item) {
  const body = item.querySelector('[data-formset-body]')
  const gone = item.querySelector('[data-formset-gone]')
  const mark = item.querySelector('input[name$="-DELETE"]')
  const removed = Boolean(mark?.checked)
  if (!body || !gone) {
    if (mark) item.hidden = removed
    return
  }
  body.hidden = removed
  gone.hidden = !removed
  item.hidden = removed && !isFilled(item)
  if (removed) gone.querySelector('[data-formset-what]').textContent = beginning(item)
}

function refresh(box) {
  box.querySelectorAll('[data-formset-item]').forEach(show)
  items(box).forEach((item, index) => {
    item.querySelectorAll('[data-formset-number]').forEach((mark) => { mark.textContent = String(index + 1) })
  })
  // The delete boxes are for pages without script; here the buttons tick them.
  box.querySelectorAll('[data-formset-delete]').forEach((field) => { field.hidden = true })
  box.querySelectorAll('[data-formset-add], [data-formset-remove]').forEach((button) => { button.hidden = false })
  const most = Number(box.querySelector(`[name="${box.dataset.formset}-MAX_NUM_FORMS"]`)?.value || 1000)
  const add = box.querySelector('[data-formset-add]')
  if (add) add.disabled = items(box).length >= most
}

function add(box) {
  const counter = total(box)
  const holder = document.createElement('div')
  holder.innerHTML = box.querySelector('template[data-formset-empty]').innerHTML.replaceAll('__prefix__', counter.value)
  const item = holder.firstElementChild
  box.querySelector('[data-formset-list]').append(item)
  counter.value = String(Number(counter.value) + 1)
  refresh(box)
  item.dispatchEvent(new CustomEvent('block:added', { bubbles: true }))
  item.querySelector('input:not([type="hidden"], [name$="-DELETE"]), select, textarea')?.focus()
}

function changed(item) {
  item.querySelector('input')?.dispatchEvent(new Event('input', { bubbles: true }))
}

// A block is never cut out of the page: its index must stay taken, so it is hidden and marked for deletion,
// or emptied when the form cannot delete.
function remove(box, item) {
  const mark = item.querySelector('input[name$="-DELETE"]')
  if (mark) mark.checked = true
  else {
    item.querySelectorAll('input, select, textarea').forEach((field) => { field.disabled = true })
    item.hidden = true
  }
  refresh(box)
  changed(item)
  const back = item.querySelector('[data-formset-restore]')
  if (back && !item.hidden) back.focus()
  else box.querySelector('[data-formset-add]')?.focus()
}

function restore(box, item) {
  item.querySelector('input[name$="-DELETE"]').checked = false
  refresh(box)
  changed(item)
  item.querySelector('[data-formset-remove]')?.focus()
}

document.addEventListener('click', (event) => {
  const box = event.target.closest('[data-formset]')
  if (!box) return
  const item = event.target.closest('[data-formset-item]')
  if (event.target.closest('[data-formset-add]')) add(box)
  if (event.target.closest('[data-formset-remove]')) remove(box, item)
  if (event.target.closest('[data-formset-restore]')) restore(box, item)
})

function refreshAll() {
  document.querySelectorAll('[data-formset]').forEach(refresh)
}

// A browser that goes back puts ticks and words in again after the page has loaded.
window.addEventListener('pageshow', refreshAll)
refreshAll()
