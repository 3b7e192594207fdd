package io.vigie.access.training;

/** Whether a course is asked of anybody. Certificates of a retired one keep their term. */
public enum CourseState {
  ACTIVE,
  RETIRED
}
