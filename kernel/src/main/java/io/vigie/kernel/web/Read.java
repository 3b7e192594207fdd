package io.vigie.kernel.web;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import jakarta.enterprise.util.Nonbinding;
import jakarta.interceptor.InterceptorBinding;

/**
 * One endpoint call that only reads. On a resource method that returns a {@code Uni}: it has one
 * session of the database, unless it says otherwise, and is answered 503 when the database does not
 * answer in time.
 */
@InterceptorBinding
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Read {

  /**
   * False where the call asks the pool of connections by itself: would it hold a session's
   * connection meanwhile, as many calls as there are connections would wait for each other.
   */
  @Nonbinding
  boolean inSession() default true;
}
