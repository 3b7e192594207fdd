package io.vigie.testkit;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.restassured.filter.Filter;
import io.restassured.filter.FilterContext;
import io.restassured.response.ExtractableResponse;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.FilterableRequestSpecification;
import io.restassured.specification.FilterableResponseSpecification;
import org.hamcrest.Matcher;

/**
 * Answers whose plain paths, as {@code items[0].id} or {@code items.size()}, are walked:
 * REST-assured compiles each path anew, each time, which was a fifth of what the tests of a service
 * did. All else is left to it: other paths, those that lead nowhere, and what does not hold, for it
 * to tell.
 */
final class PlainPaths implements Filter {

  private static final Pattern PLAIN =
      Pattern.compile("[A-Za-z_]\\w*(\\[\\d+])*(\\.[A-Za-z_]\\w*(\\[\\d+])*)*(\\.size\\(\\))?");
  private static final Pattern STEP = Pattern.compile("\\w+(\\(\\))?");
  private static final Pattern JSON = Pattern.compile("application/(.+\\+)?json(;.*)?");
  private static final String SIZE = "size()";

  /** Names that a list has itself, where others are those of what is in it. */
  private static final Set<String> OF_LISTS = Set.of("class", "empty", "first", "last");

  /** After these calls a path still begins where the body does. */
  private static final Set<String> FLUENT =
      Set.of("and", "assertThat", "body", "contentType", "header", "headers", "statusCode");

  @Override
  public Response filter(
      FilterableRequestSpecification request,
      FilterableResponseSpecification expected,
      FilterContext context) {
    Response answer = context.next(request, expected);
    return JSON.matcher(String.valueOf(answer.contentType())).matches()
        ? walked(Response.class, answer, answer)
        : answer;
  }

  private static <T> T walked(Class<T> type, T view, Response answer) {
    return type.cast(
        Proxy.newProxyInstance(
            PlainPaths.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              if (isPlain(method, arguments)) {
                try {
                  Object body = answer.jsonPath().get("$");
                  if (method.getName().equals("path")) {
                    return walk(body, (String) arguments[0]);
                  }
                  if (holds(body, arguments)) {
                    return proxy;
                  }
                } catch (IllegalArgumentException leadsNowhere) {
                  // as below
                }
              }
              return further(call(view, method, arguments), proxy, view, method, answer);
            }));
  }

  private static Object further(
      Object result, Object proxy, Object view, Method method, Response answer) {
    if (result == view) {
      return FLUENT.contains(method.getName()) ? proxy : result;
    }
    if (result instanceof ValidatableResponse validatable) {
      return walked(ValidatableResponse.class, validatable, answer);
    }
    return result instanceof ExtractableResponse<?> extractable
        ? walked(ExtractableResponse.class, extractable, answer)
        : result;
  }

  private static Object call(Object view, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(view, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  /** Whether it is {@code path(path)} or {@code body(path, matcher, path, matcher, ...)}. */
  private static boolean isPlain(Method method, Object[] arguments) {
    Class<?>[] types = method.getParameterTypes();
    if (types.length == 0 || !(arguments[0] instanceof String path) || !isPlain(path)) {
      return false;
    }
    if (method.getName().equals("path")) {
      return ((String[]) arguments[1]).length == 0;
    }
    if (!method.getName().equals("body") || types.length != 3 || types[1] != Matcher.class) {
      return false;
    }
    Object[] more = (Object[]) arguments[2];
    for (int i = 0; i + 1 < more.length; i += 2) {
      if (!(more[i] instanceof String next && isPlain(next) && more[i + 1] instanceof Matcher)) {
        return false;
      }
    }
    return more.length % 2 == 0;
  }

  private static boolean isPlain(String path) {
    return PLAIN.matcher(path).matches();
  }

  private static boolean holds(Object body, Object[] arguments) {
    List<Object> pairs = new ArrayList<>(List.of(arguments[0], arguments[1]));
    pairs.addAll(List.of((Object[]) arguments[2]));
    for (int i = 0; i < pairs.size(); i += 2) {
      if (!((Matcher<?>) pairs.get(i + 1)).matches(walk(body, (String) pairs.get(i)))) {
        return false;
      }
    }
    return true;
  }

  /**
   * What Groovy finds there.
   *
   * @throws IllegalArgumentException when that is for Groovy to say
   */
  static Object walk(Object body, String path) {
    Object at = body;
    for (MatchResult step : STEP.matcher(path).results().toList()) {
      at = next(at, step.group());
    }
    return at;
  }

  private static Object next(Object at, String step) {
    boolean isIndex = Character.isDigit(step.charAt(0));
    if (at instanceof Map<?, ?> object && !isIndex) {
      return step.equals(SIZE) ? (Object) object.size() : object.get(step);
    }
    if (at instanceof List<?> list && isIndex) {
      int index = Integer.parseInt(step);
      return index < list.size() ? list.get(index) : null;
    }
    if (at instanceof List<?> list && !OF_LISTS.contains(step)) {
      return step.equals(SIZE)
          ? (Object) list.size()
          : list.stream()
              .filter(Objects::nonNull)
              .map(each -> next(each, step))
              .collect(Collectors.toCollection(ArrayList::new));
    }
    if (at == null && !step.equals(SIZE)) {
      return null;
    }
    throw new IllegalArgumentException(step + " of " + at);
  }
}
