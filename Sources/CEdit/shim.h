#include <histedit.h>
#include <stddef.h>
#include <wchar.h>
#include <wctype.h>

/* el_set, el_wset, el_get and history are variadic, which Swift cannot call. */

static inline void sluice_edit_owner(EditLine *line, void *owner) {
  el_set(line, EL_CLIENTDATA, owner);
}

static inline void *sluice_edit_owner_of(EditLine *line) {
  void *owner = NULL;
  el_get(line, EL_CLIENTDATA, &owner);
  return owner;
}

static inline void sluice_edit_prompt(EditLine *line, char *(*prompt)(EditLine *)) {
  el_set(line, EL_PROMPT, prompt);
}

static inline void sluice_edit_reader(EditLine *line, int (*reader)(EditLine *, wchar_t *)) {
  el_wset(line, EL_GETCFN, reader);
}

static inline void sluice_edit_history(EditLine *line, History *past) {
  el_set(line, EL_HIST, history, past);
}

static inline void sluice_edit_function(
    EditLine *line, const char *name, unsigned char (*function)(EditLine *, wint_t)) {
  el_set(line, EL_ADDFN, name, name, function);
}

static inline void sluice_edit_bind(EditLine *line, const char *key, const char *command) {
  el_set(line, EL_BIND, key, command, NULL);
}

/* The keys of Emacs; signals are the program's own, not the library's. */
static inline void sluice_edit_defaults(EditLine *line) {
  el_set(line, EL_SIGNAL, 0);
  el_set(line, EL_EDITOR, "emacs");
}

/* Keys that send signals are keys like any other; between lines nothing is echoed or gathered. */
static inline void sluice_edit_modes(EditLine *line) {
  el_set(line, EL_SETTY, "-d", "-isig", NULL);
  el_set(line, EL_SETTY, "-x", "-isig", "-icanon", "-echo", NULL);
}

/* From here on the library leaves the terminal's modes alone. */
static inline void sluice_edit_leave_modes(EditLine *line) { el_set(line, EL_EDITMODE, 0); }

/* Draws prompt and line from the beginning of the row where the cursor is. */
static inline void sluice_edit_redraw(EditLine *line) { el_set(line, EL_REFRESH); }

/* Whether the screen can do what editing needs: the cursor goes up. */
static inline int sluice_edit_can_move(EditLine *line) {
  char *up = NULL;
  return el_get(line, EL_GETTC, "up", &up) == 0 && up != NULL && *up != 0;
}

static inline void sluice_edit_terminal(EditLine *line, const char *name) {
  el_set(line, EL_TERMINAL, name);
}

static inline void sluice_history_bound(History *past, int lines) {
  HistEvent event;
  history(past, &event, H_SETSIZE, lines);
  history(past, &event, H_SETUNIQUE, 1);
}

static inline void sluice_history_add(History *past, const char *line) {
  HistEvent event;
  history(past, &event, H_ENTER, line);
}

/* Columns that a character takes; 0 or less for one that is not shown. */
static inline int sluice_edit_width(unsigned int character) { return wcwidth((wchar_t)character); }
