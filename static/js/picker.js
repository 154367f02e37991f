// Makes a grouped select searchable: by 汉字, by code, by pinyin initials; tabs per group; recent choices first.
// The select stays in the form and keeps the value, so the page works the same without this file.

const RECENT_KEY = 'picker-recent'
const RECENT_MOST = 6
const SHOWN_MOST = 60
const PHONE = window.matchMedia('(max-width: 991.98px)')

function element(tag, className, text) {
  const made = document.createElement(tag)
  if (className) made.className = className
  if (text) made.textContent = text
  return made
}

function recent() {
  try {
    return JSON.parse(window.localStorage.getItem(RECENT_KEY)) || []
  } catch {
    return []
  }
}

function remember(value) {
  const values = [value, ...recent().filter((other) => other !== value)].slice(0, RECENT_MOST)
  try {
    window.localStorage.setItem(RECENT_KEY, JSON.stringify(values))
  } catch {
    // A browser that keeps nothing only loses the shortcut.
  }
}

function read(select) {
  return [...select.querySelectorAll('optgroup option')].map((option) => ({
    value: option.value,
    code: option.dataset.code || '',
    name: option.dataset.name || option.textContent.trim(),
    parent: option.dataset.parent || '',
    group: option.parentElement.dataset.group || '',
    groupName: option.parentElement.label,
    haystack: [option.dataset.code, option.dataset.name, option.dataset.parent, option.dataset.initials]
      .join(' ').toLowerCase(),
  }))
}

// Every word typed must be found somewhere; initials match as one run: 「tg」 finds 脱岗.
function found(choices, { query, group }) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  return choices.filter((choice) =>
    (words.length || !group || choice.group === group) && words.every((word) => choice.haystack.includes(word)))
}

class Picker {
  constructor(box) {
    this.select = box.querySelector('select')
    this.choices = read(this.select)
    this.group = ''
    this.build(box)
    this.show()
  }

  build(box) {
    const id = this.select.id
    this.face = element('div', 'picker-face')
    this.button = element('button', 'picker-chosen')
    this.button.type = 'button'
    this.button.setAttribute('aria-expanded', 'false')
    this.button.setAttribute('aria-controls', `${id}-panel`)
    this.panel = element('div', 'picker-panel')
    this.panel.id = `${id}-panel`
    this.panel.hidden = true
    this.search = element('input', 'form-control')
    this.search.type = 'search'
    this.search.placeholder = '汉字、编码或拼音首字母，如 tg'
    this.search.autocomplete = 'off'
    this.search.setAttribute('aria-label', '查找')
    this.tabs = element('div', 'picker-tabs')
    this.tabs.setAttribute('role', 'group')
    this.tabs.setAttribute('aria-label', '类别')
    this.list = element('div', 'picker-list')
    this.note = element('p', 'picker-note')
    this.note.setAttribute('aria-live', 'polite')
    this.panel.append(this.search, this.tabs, this.note, this.list)
    this.warning = element('p', 'picker-warning')
    this.warning.setAttribute('role', 'alert')
    this.face.append(this.button, this.warning, this.panel)
    this.makeTabs()
    // The label keeps pointing at the select; a visually hidden select would still take focus, so it leaves the order.
    this.select.classList.add('visually-hidden')
    this.select.tabIndex = -1
    this.select.setAttribute('aria-hidden', 'true')
    const label = box.querySelector(`label[for="${id}"]`)
    if (label) {
      label.id = label.id || `${id}-label`
      this.button.id = `${id}-chosen`
      this.button.setAttribute('aria-labelledby', `${label.id} ${this.button.id}`)
      label.addEventListener('click', (event) => { event.preventDefault(); this.open(true) })
    }
    box.append(this.face)
    this.listen()
  }

  makeTabs() {
    const names = new Map(this.choices.map((choice) => [choice.group, choice.groupName]))
    for (const [code, name] of names) {
      const tab = element('button', 'picker-tab', name)
      tab.type = 'button'
      tab.dataset.group = code
      this.tabs.append(tab)
    }
    this.tabs.hidden = names.size < 2
  }

  listen() {
    this.button.addEventListener('click', () => this.open(this.panel.hidden))
    this.search.addEventListener('input', () => this.show())
    this.select.addEventListener('change', () => this.show())
    this.select.addEventListener('invalid', (event) => { event.preventDefault(); this.complain() })
    this.tabs.addEventListener('click', (event) => {
      const tab = event.target.closest('[data-group]')
      if (!tab) return
      this.group = this.group === tab.dataset.group ? '' : tab.dataset.group
      this.search.value = ''
      this.show()
    })
    this.list.addEventListener('click', (event) => {
      const choice = event.target.closest('[data-value]')
      if (choice) this.choose(choice.dataset.value)
    })
    this.face.addEventListener('keydown', (event) => this.key(event))
  }

  key(event) {
    if (event.isComposing || event.keyCode === 229) return
    if (event.key === 'Escape' && !this.panel.hidden) {
      event.stopPropagation()
      this.open(false)
      this.button.focus()
    }
    const buttons = [...this.list.querySelectorAll('[data-value]')]
    const here = buttons.indexOf(document.activeElement)
    if (event.key === 'Enter' && event.target === this.search) {
      event.preventDefault()
      if (buttons.length === 1) this.choose(buttons[0].dataset.value)
    }
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      const next = buttons[here + (event.key === 'ArrowDown' ? 1 : -1)]
      if (next) next.focus()
      else if (event.key === 'ArrowUp') this.search.focus()
    }
  }

  open(isOpen) {
    this.panel.hidden = !isOpen
    this.button.setAttribute('aria-expanded', String(isOpen))
    if (!isOpen) return
    this.search.value = ''
    this.group = ''
    this.show()
    this.search.focus({ preventScroll: true })
    // At once: a smooth scroll is broken off when the phone's keyboard comes up.
    this.face.scrollIntoView({ block: PHONE.matches ? 'start' : 'nearest', behavior: 'instant' })
  }

  choose(value) {
    this.select.value = value
    this.select.dispatchEvent(new Event('input', { bubbles: true }))
    this.select.dispatchEvent(new Event('change', { bubbles: true }))
    this.button.classList.remove('is-invalid')
    this.warning.textContent = ''
    remember(value)
    this.open(false)
    this.button.focus()
  }

  complain() {
    this.button.classList.add('is-invalid')
    this.warning.textContent = '请选择一项。'
    this.button.focus()
  }

  show() {
    const chosen = this.choices.find((choice) => choice.value === this.select.value)
    this.button.replaceChildren(...(chosen
      ? [this.mark(chosen), document.createTextNode(chosen.name)]
      : [element('span', 'mute', '点这里查找和选择')]))
    const query = this.search.value
    this.tabs.querySelectorAll('[data-group]').forEach((tab) => {
      tab.setAttribute('aria-pressed', String(!query && tab.dataset.group === this.group))
    })
    const hits = found(this.choices, { query, group: this.group })
    this.note.textContent = hits.length ? `${hits.length} 项` : '没有找到。请换一个词，或从上面的类别里选。'
    const late = !query && !this.group ? recent().map((v) => this.choices.find((c) => c.value === v)).filter(Boolean) : []
    this.list.replaceChildren(...this.lines(late, '最近用过'), ...this.lines(hits.slice(0, SHOWN_MOST)))
  }

  lines(choices, heading) {
    let parent = heading
    const made = heading && choices.length ? [element('p', 'picker-heading', heading)] : []
    for (const choice of choices) {
      if (!heading && choice.parent && choice.parent !== parent) {
        parent = choice.parent
        made.push(element('p', 'picker-heading', parent))
      }
      const line = element('button', 'picker-choice')
      line.type = 'button'
      line.dataset.value = choice.value
      if (choice.value === this.select.value) line.setAttribute('aria-current', 'true')
      line.append(this.mark(choice), document.createTextNode(choice.name))
      made.push(line)
    }
    return made
  }

  mark(choice) {
    const mark = element('span', 'picker-code', choice.code)
    mark.dataset.group = choice.group
    return mark
  }
}

function start(root) {
  root.querySelectorAll('[data-picker]:not([data-ready])').forEach((box) => {
    box.dataset.ready = 'yes'
    new Picker(box)
  })
}

document.addEventListener('block:added', (event) => start(event.target))
document.addEventListener('htmx:load', (event) => start(event.target))
start(document)
