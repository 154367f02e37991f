// Adds another block to a Django formset from its empty template, and takes unsaved ones away again.
// Markup: [data-formset="prefix"] with the management form, [data-formset-list], [data-formset-item],
// <template data-formset-empty> using __prefix__, [data-formset-add], [data-formset-remove],
// [data-formset-delete] around the delete box, [data-formset-number].

function items(box) {
  return [...box.querySelectorAll('[data-formset-item]')].filter((item) => !item.hidden)
}

function total(box) {
  return box.querySelector(`[name="${box.dataset.formset}-TOTAL_FORMS"]`)
}

function number(box) {
  items(box).forEach((item, index) => {
    item.querySelectorAll('[data-formset-number]').forEach((mark) => { mark.textContent = String(index + 1) })
  })
  // The delete boxes are for pages without script; here the remove button ticks them.
  box.querySelectorAll('[data-formset-delete]').forEach((field) => { field.hidden = true })
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
  number(box)
  item.dispatchEvent(new CustomEvent('block:added', { bubbles: true }))
  item.querySelector('input:not([type="hidden"]), select, textarea')?.focus()
}

// A block is never cut out of the page: its index must stay taken, so it is hidden and marked for deletion,
// or emptied when the form cannot delete.
function remove(box, item) {
  const mark = item.querySelector('input[name$="-DELETE"]')
  if (mark) mark.checked = true
  else item.querySelectorAll('input, select, textarea').forEach((field) => { field.disabled = true })
  item.hidden = true
  number(box)
  box.querySelector('[data-formset-add]')?.focus()
}

document.addEventListener('click', (event) => {
  const box = event.target.closest('[data-formset]')
  if (!box) return
  if (event.target.closest('[data-formset-add]')) add(box)
  const button = event.target.closest('[data-formset-remove]')
  if (button) remove(box, button.closest('[data-formset-item]'))
})

document.querySelectorAll('[data-formset]').forEach((box) => {
  box.querySelectorAll('[data-formset-add], [data-formset-remove]').forEach((button) => { button.hidden = false })
  number(box)
})
