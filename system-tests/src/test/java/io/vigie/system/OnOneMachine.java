package io.vigie.system;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Has a test, or all of a class, skipped on the platform in containers, as it needs more of it than
 * its users reach.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(OnOneMachine.Condition.class)
@interface OnOneMachine {

  /** What it does there, as {@code kills services}. */
  String value();

  final class Condition implements ExecutionCondition {

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      return context
          .getElement()
          .map(element -> element.getAnnotation(OnOneMachine.class))
          .filter(only -> Platform.inContainers())
          .map(only -> ConditionEvaluationResult.disabled("on one machine alone: " + only.value()))
          .orElse(ConditionEvaluationResult.enabled("the platform lets it"));
    }
  }
}
