package io.vigie.kernel.web;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.MultivaluedMap;

import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * An unknown query parameter is refused: a filter with a typing error would otherwise quietly
 * return everything. So is one that is there twice and means one value: one of the two would
 * quietly not count.
 */
class KnownParameters {

  /** Of each method: the parameters' names, and whether they may be there more than once. */
  private final Map<Method, Map<String, Boolean>> known = new ConcurrentHashMap<>();

  @ServerRequestFilter
  void refuseUnknown(ContainerRequestContext request, ResourceInfo resource) {
    MultivaluedMap<String, String> sent = request.getUriInfo().getQueryParameters();
    if (sent.isEmpty() || resource.getResourceMethod() == null) {
      return;
    }
    Map<String, Boolean> allowed =
        known.computeIfAbsent(resource.getResourceMethod(), KnownParameters::declared);
    List<FieldError> errors =
        new TreeMap<>(sent)
            .entrySet().stream()
                .flatMap(
                    parameter ->
                        error(parameter.getKey(), parameter.getValue(), allowed)
                            .map(message -> new FieldError(parameter.getKey(), message))
                            .stream())
                .toList();
    if (!errors.isEmpty()) {
      throw Problem.invalid(errors);
    }
  }

  private static Optional<String> error(
      String name, List<String> values, Map<String, Boolean> allowed) {
    if (!allowed.containsKey(name)) {
      return Optional.of("is not a parameter; known: " + allowed.keySet());
    }
    if (values.stream().anyMatch(text -> text.isBlank() || text.indexOf('\0') >= 0)) {
      return Optional.of("has no value; leave it out");
    }
    return values.size() > 1 && !allowed.get(name)
        ? Optional.of("is there more than once")
        : Optional.empty();
  }

  private static Map<String, Boolean> declared(Method method) {
    Map<String, Boolean> parameters = new TreeMap<>();
    for (Parameter parameter : method.getParameters()) {
      add(parameters, parameter, parameter.getType());
      if (parameter.isAnnotationPresent(BeanParam.class)) {
        for (Field field : parameter.getType().getDeclaredFields()) {
          add(parameters, field, field.getType());
        }
      }
    }
    return parameters;
  }

  private static void add(
      Map<String, Boolean> parameters, AnnotatedElement element, Class<?> type) {
    QueryParam query = element.getAnnotation(QueryParam.class);
    if (query != null) {
      parameters.put(query.value(), Collection.class.isAssignableFrom(type));
    }
  }
}
