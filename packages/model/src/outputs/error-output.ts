import { z } from 'zod';
import { failureSchema } from '../failure.js';
import { outputVersion } from './output.js';

/** What is printed instead of anything else when a command fails before it has something to print. */
export const errorOutputSchema = z.object({ ...outputVersion, error: failureSchema });
