/* Who does something to an alert or a target. */
#ifndef APP_PERSON_H
#define APP_PERSON_H

/* TARE_USER, USER or LOGNAME, else the name of the user id, else "somebody". Static. */
const char *person_name(void);

#endif
