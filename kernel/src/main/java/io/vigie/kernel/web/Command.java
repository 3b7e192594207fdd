package io.vigie.kernel.web;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import jakarta.enterprise.util.Nonbinding;
import jakarta.interceptor.InterceptorBinding;

/**
 * One endpoint call = one transaction = one answer. On a resource method that returns {@code
 * Uni<RestResponse<…>>}:
 *
 * <ul>
 *   <li>it commits when the Uni completes and rolls everything back when it fails;
 *   <li>{@code Idempotency-Key}, where sent, makes a repetition harmless: the answer is recorded in
 *       the same transaction, and the same request gets it again (see {@link Idempotency});
 *   <li>the answer carries {@code Vigie-Receipt} where the work appended an event. Only a 202 may
 *       be without: what it promises is an event of its own, later;
 *   <li>it is answered 503 when the database does not answer in time;
 *   <li>the relay is woken after the commit.
 * </ul>
 */
@InterceptorBinding
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Command {

  /**
   * False where the work has transactions of its own. It may take its time: it has no deadline.
   * With a key these become one with that in which the answer is recorded, unless it is {@link
   * #inSteps}.
   */
  @Nonbinding
  boolean inOneTransaction() default true;

  /**
   * True where what one of its transactions has committed stands whatever becomes of the next, with
   * a key too. The answer is recorded after the last of them, so a crash in between lets the
   * request be repeated, and each of them has to be harmless to repeat. So it is also where {@link
   * #inOneTransaction} is false and the query says {@code atomic=false}.
   */
  @Nonbinding
  boolean inSteps() default false;

  /**
   * The media type of bodies that take longer than callers with others wait: with one of these it
   * is as where {@link #inOneTransaction} is false. None where this is empty.
   */
  @Nonbinding
  String longFor() default "";
}
