package io.vigie.access.client;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import jakarta.validation.Constraint;
import jakarta.validation.Payload;
import jakarta.validation.ReportAsSingleViolation;
import jakarta.validation.constraints.Pattern;

/** The SHA-256 of a file, in lower-case hexadecimal; or null. */
@Pattern(regexp = "[0-9a-f]{64}")
@ReportAsSingleViolation
@Constraint(validatedBy = {})
@Target({
  ElementType.FIELD,
  ElementType.PARAMETER,
  ElementType.METHOD,
  ElementType.RECORD_COMPONENT
})
@Retention(RetentionPolicy.RUNTIME)
public @interface FileHash {

  String message() default "must be 64 lower-case hexadecimal digits";

  Class<?>[] groups() default {};

  Class<? extends Payload>[] payload() default {};
}
