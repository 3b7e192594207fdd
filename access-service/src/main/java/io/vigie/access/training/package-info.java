/**
 * Courses, who took them, and who has to (R2, R11.14). A course says for whom it is, how soon after
 * arrival it is due and how long a certificate of it counts; from that and what was attended it is
 * worked out, whenever somebody asks, who is overdue. Only falling overdue and its end are kept,
 * once each: they are events. An attendance never changes, it can be annulled.
 */
package io.vigie.access.training;
